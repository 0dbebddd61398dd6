"""One row of a catalog file as its plan understands it, before the database is asked anything."""

from dataclasses import dataclass

from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow
from catalog.writing.drafts import ProductDraft, VariantDraft


@dataclass(slots=True)
class ReadRow:
    """A row's cells as values. A row with an error among its issues is not to be applied."""

    variant: VariantDraft
    product: ProductDraft
    issues: list[Issue]


@dataclass(slots=True)
class FileRow:
    """What every row needs at once; the rest (`read`) only where something may have changed.

    `sku` is empty where the EAN is the key. `product_cells` are the raw texts of the product
    columns, in the order of the plan's `product_columns`.
    """

    source: SpoolRow
    cells: list[str]
    digest: bytes
    sku: str
    product_cells: tuple[str, ...]
    ean: str = ""
    gtin: str | None = None
    key_issues: list[Issue] | None = None
    read: ReadRow | None = None

    @property
    def number(self) -> int:
        return self.source.number
