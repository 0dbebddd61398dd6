"""A correction file as a workbook: text cells, the offending ones coloured and commented."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bulk_uploads.corrections.failed_rows import FailedRow, RowProblem
from bulk_uploads.corrections.writing.delimited import cell_text
from bulk_uploads.corrections.writing.table import CorrectionTable, messages
from bulk_uploads.spreadsheet_text import neutralise

_TEXT = "@"
_OFFENDING = PatternFill("solid", fgColor="FFC7CE")
_ADDED = PatternFill("solid", fgColor="F2F2F2")
_HEADER = PatternFill("solid", fgColor="E2E8F0")
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TOP = Alignment(vertical="top")
#: Comments are held in memory until the file is whole; the colours and messages go on without.
_MOST_COMMENTS = 10_000
_LONGEST_CELL = 32_767
_LONGEST_SHEET_NAME = 31
_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_ERRORS_WIDTH, _NUMBER_WIDTH, _WIDEST = 60, 14, 40


@dataclass(slots=True)
class WorkbookWriter:
    """`sheet` is the name of the uploader's own sheet."""

    sheet: str = ""
    content_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ending: str = ".xlsx"

    def write(self, table: CorrectionTable, target: BinaryIO) -> None:
        book = Workbook(write_only=True)
        name = self.sheet.translate(_FORBIDDEN_IN_SHEET_NAMES).strip("' ")
        sheet = book.create_sheet(name[:_LONGEST_SHEET_NAME] or "Corrections")
        sheet.freeze_panes = "A2"
        for at, header in enumerate(table.header, 1):
            letter = get_column_letter(at)
            sheet.column_dimensions[letter].width = min(_WIDEST, max(12, len(header) + 2))
        added = len(table.header) + 1
        sheet.column_dimensions[get_column_letter(added)].width = _ERRORS_WIDTH
        sheet.column_dimensions[get_column_letter(added + 1)].width = _NUMBER_WIDTH
        sheet.append([_cell(sheet, name, _HEADER, _BOLD) for name in table.full_header])
        cells = _Cells(sheet, table)
        for row in table.rows:
            sheet.append(list(cells.of(row)))
        book.save(target)


class _Cells:
    """Makes the cells of row after row; counts the comments among them."""

    def __init__(self, sheet: Any, table: CorrectionTable) -> None:
        self._sheet = sheet
        self._table = table
        self._comments = 0

    def of(self, row: FailedRow) -> Iterator[Any]:
        for at, text in enumerate(self._table.own_cells(row)):
            problems = [problem for problem in row.problems if problem.place == at]
            cell = _cell(self._sheet, cell_text(text), _OFFENDING if problems else None)
            if problems:
                self._comment(cell, problems)
            yield cell
        errors = _cell(self._sheet, neutralise(messages(row)), _ADDED)
        errors.alignment = _WRAPPED
        yield errors
        said = self._table.number_cell(row)
        number = WriteOnlyCell(self._sheet, value=str(said) if said.marks else said.row)
        number.fill, number.alignment = _ADDED, _TOP
        yield number

    def _comment(self, cell: Any, problems: list[RowProblem]) -> None:
        if self._comments >= _MOST_COMMENTS:
            return
        self._comments += 1
        text = "\n".join(problem.message for problem in problems)
        cell.comment = Comment(_writable(text), "Import", height=120, width=320)


def _cell(sheet: Any, text: str, fill: PatternFill | None = None, font: Font | None = None) -> Any:
    """A cell whose value is text, whatever it looks like."""
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = _writable(text)
    cell.data_type = "s"
    cell.number_format = _TEXT
    cell.alignment = _TOP
    if fill is not None:
        cell.fill = fill
    if font is not None:
        cell.font = font
    return cell


def _writable(text: str) -> str:
    """Without what no workbook can hold; the issue of its row shows what it was."""
    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))[:_LONGEST_CELL]
