"""Reads Excel workbooks (XLSX): one sheet, any size, in bounded memory.

Memory holds the shared texts up to a limit (see `strings`) and otherwise a piece of the sheet.
"""

from typing import BinaryIO

from bulk_uploads.readers.base import ReadHints, ReadLimits
from bulk_uploads.readers.xlsx.workbook_file import WorkbookFile

__all__ = ["open_workbook"]


def open_workbook(stream: BinaryIO, *, limits: ReadLimits, hints: ReadHints) -> WorkbookFile:
    """Reads up to the header. Raises UnreadableFile."""
    return WorkbookFile(stream, limits=limits, hints=hints)
