"""Tables written as files for spreadsheets, row by row in constant memory.

Texts that a spreadsheet would run are made harmless (see `spreadsheet_text`).
"""

from bulk_uploads.writers.delimited import BYTE_ORDER_MARK, delimited_chunks
from bulk_uploads.writers.table import Cell, TableColumn, TableTooLarge, cell_text, marked
from bulk_uploads.writers.workbook import Sheet, write_workbook

__all__ = [
    "BYTE_ORDER_MARK",
    "Cell",
    "Sheet",
    "TableColumn",
    "TableTooLarge",
    "cell_text",
    "delimited_chunks",
    "marked",
    "write_workbook",
]
