"""Exports: the catalog of an account, or a part of it, as a file that imports to just that."""

from catalog.exporting.catalog_file import CatalogExport, ExportFormat
from catalog.exporting.selection import Selection

__all__ = ["CatalogExport", "ExportFormat", "Selection"]
