"""A workbook behind the reader protocol: one sheet of it, as rows of text."""

from collections.abc import Iterator
from typing import BinaryIO

from bulk_uploads.readers.base import (
    Defect,
    DefectCode,
    FileFormat,
    RawRow,
    ReadHints,
    ReadLimits,
    UnreadableCode,
    UnreadableFile,
)
from bulk_uploads.readers.cells import shown
from bulk_uploads.readers.table import data_row, header_row, too_many_rows
from bulk_uploads.readers.xlsx.archive import WorkbookArchive, damaged
from bulk_uploads.readers.xlsx.cells import CellReader
from bulk_uploads.readers.xlsx.forms import CellForms, column_letters
from bulk_uploads.readers.xlsx.row_texts import RowTexts
from bulk_uploads.readers.xlsx.sheet import written_rows
from bulk_uploads.readers.xlsx.strings import read_strings
from bulk_uploads.readers.xlsx.styles import read_number_styles
from bulk_uploads.readers.xlsx.workbook import read_workbook

# A full sheet of a million rows and fifty columns; it passes through, so this bounds time only.
_MAX_SHEET_BYTES = 8 * 1024**3


class WorkbookFile:
    """The first visible sheet, or the one the hints name. Blank rows count between filled ones."""

    def __init__(self, stream: BinaryIO, *, limits: ReadLimits, hints: ReadHints) -> None:
        self._limits = limits
        archive = WorkbookArchive(stream)
        workbook = read_workbook(archive)
        sheet = workbook.sheet(hints.sheet)
        part = archive.part(sheet.part, max_bytes=_MAX_SHEET_BYTES)
        if part is None:
            raise damaged(f"its sheet “{shown(sheet.name)}” is missing")
        self._part = part
        self._forms = CellForms(read_number_styles(archive, workbook.styles))
        strings = read_strings(archive, workbook.strings, limits=limits)
        cells = CellReader(strings, counts_from_1904=workbook.counts_from_1904)
        self._texts = RowTexts(cells, self._forms)
        self.format = FileFormat("xlsx", sheet=shown(sheet.name))
        self.blank_rows = 0
        self._width = 0
        self._rows = self._filled_rows()
        self.header = self._read_header()
        self._width = len(self.header.cells)

    def _read_header(self) -> RawRow:
        for number, cells, defects in self._rows:
            return header_row(number, cells, limits=self._limits, defects=defects)
        raise UnreadableFile(
            UnreadableCode.NO_HEADER,
            f"The sheet “{self.format.sheet}” is blank; a header is needed.",
        )

    def __iter__(self) -> Iterator[RawRow]:
        limits, rows_left = self._limits, self._limits.max_rows
        width, last = self._width, self.header.number
        for number, cells, defects in self._rows:
            if not rows_left:
                raise too_many_rows(limits)
            rows_left -= 1
            self.blank_rows += number - last - 1
            last = number
            if len(cells) > width:
                cells, stray = _fitted(cells, width=width, max_columns=limits.max_columns)
                defects += stray
            yield data_row(number, cells, limits=limits, defects=defects)

    def _filled_rows(self) -> Iterator[tuple[int, list[str], list[Defect]]]:
        """The rows that are not blank, at least as wide as the header, in the sheet's order."""
        last = 0
        for written in written_rows(self._part, limits=self._limits, forms=self._forms):
            for number, cells, defects in self._texts.rows(written, width=self._width):
                if number <= last:
                    raise damaged(f"its row {number:,} comes after row {last:,}")
                last = number
                if defects or any(map(str.strip, cells)):
                    # The header may have come only now.
                    cells += [""] * (self._width - len(cells))
                    yield number, cells, defects


def _fitted(cells: list[str], *, width: int, max_columns: int) -> tuple[list[str], list[Defect]]:
    """The cells cut to the header where nothing is lost by it, else a defect too."""
    column = next((place for place in range(width, len(cells)) if cells[place].strip()), None)
    if column is None:
        return cells[:width], []
    message = (
        f"Cell {column_letters(column + 1)} holds a value, but the header names no column there."
        " Name the column in the header, or clear the cell."
    )
    defect = Defect(DefectCode.RAGGED_ROW, None, shown(cells[column]), message)
    return cells[: max(width, min(column + 1, max_columns + 1))], [defect]
