"""A file whose texts were made harmless for spreadsheets, as it was before."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from bulk_uploads.readers.base import Defect, FileFormat, OpenedFile, RawRow
from bulk_uploads.spreadsheet_text import restore


class RestoredFile:
    """Every text restored, and without the columns (from 0) that only mark the file as such."""

    def __init__(
        self, marked: OpenedFile, *, without: Collection[int], is_export: bool = False
    ) -> None:
        self._marked = marked
        self._is_export = is_export
        self._without = sorted(without, reverse=True)
        self._blank_rows = 0
        self.header = self._restored(marked.header)

    @property
    def format(self) -> FileFormat:
        return replace(self._marked.format, is_export=self._is_export)

    @property
    def blank_rows(self) -> int:
        return self._marked.blank_rows + self._blank_rows

    def __iter__(self) -> Iterator[RawRow]:
        for row in self._marked:
            restored = self._restored(row)
            if restored.defects or any(map(str.strip, restored.cells)):
                yield restored
            else:
                # Somebody emptied the row, all but its mark.
                self._blank_rows += 1

    def _restored(self, row: RawRow) -> RawRow:
        cells = [restore(cell) if cell.startswith("'") else cell for cell in row.cells]
        for place in self._without:
            del cells[place : place + 1]
        return RawRow(row.number, cells, [self._moved(defect) for defect in row.defects])

    def _moved(self, defect: Defect) -> Defect:
        """The defect with its column counted as in the restored rows; None where that is gone."""
        if not isinstance(defect.column, int):
            return defect
        place = defect.column - 1
        if place in self._without:
            return replace(defect, column=None)
        return replace(defect, column=defect.column - sum(gone < place for gone in self._without))
