"""A JSON file behind the reader protocol: its objects as rows of one table.

The header is every key there is, in the order of first appearance, so the rows have to wait for the
end of the file. The header counts as row 1 and the first object is row 2, as if the table had been
opened in a spreadsheet.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

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
from bulk_uploads.readers.encoding import decoded_chunks, detect_encoding
from bulk_uploads.readers.json.api_documents import rows_of_document
from bulk_uploads.readers.json.elements import Element, JsonElements, Pairs
from bulk_uploads.readers.json.flattening import cell_text, flat_values, glimpse
from bulk_uploads.readers.json.waiting_rows import WaitingRows
from bulk_uploads.readers.table import data_row, header_row, too_many_columns, too_many_rows

# An object may hold a product with many variants, each a row; this many rows' length of text.
_ROWS_AN_OBJECT = 4
_MOST_SHAPES = 100
_HEADER_ROW = 1


class JsonFile:
    """An array of objects, `{"data": [...]}`, or objects one after another (JSON Lines)."""

    def __init__(self, stream: BinaryIO, *, limits: ReadLimits, hints: ReadHints) -> None:
        self._stream = stream
        self._limits = limits
        self._encoding = detect_encoding(stream, hint=hints.encoding)
        self.format = FileFormat(
            "json", self._encoding.name, byte_order_mark=self._encoding.mark_bytes > 0
        )
        self.blank_rows = 0
        self._columns: dict[str, int] = {}
        # Where the values of objects with these keys belong; nearly all objects have the same.
        self._shapes: dict[tuple[str, ...], list[int]] = {}
        self._waiting = WaitingRows()
        self.header = self._read()

    def _elements(self) -> Iterator[Element]:
        chunks = decoded_chunks(self._stream, self._encoding)
        max_chars = _ROWS_AN_OBJECT * self._limits.max_row_chars
        return iter(JsonElements(chunks, max_chars=max_chars))

    def _read(self) -> RawRow:
        """Reads all rows, and gives the header."""
        problem = ""
        for element in self._elements():
            problem = problem or element.problem
            for cells, defects in self._rows_of(element):
                self._waiting.add(cells, defects)
        if problem and not self._columns:
            text = f"No line of the file is an object with any key. {problem}"
            raise UnreadableFile(UnreadableCode.INVALID_JSON, text)
        if not self._columns:
            raise UnreadableFile(
                UnreadableCode.NO_HEADER,
                "The file holds no object with any key, so there are no columns."
                ' Expected an array of objects, such as [{"sku": "A-1"}].',
            )
        return header_row(_HEADER_ROW, list(self._columns), limits=self._limits)

    def _remember_shape(self, members: Pairs) -> None:
        keys = tuple(key for key, _ in members)
        found = {self._columns.get(key) for key in keys}
        places = [self._columns[key] for key in keys if key in self._columns]
        if len(found) == len(places) == len(keys):
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            self._shapes[keys] = places

    def _plain_cells(self, members: Pairs) -> list[str] | None:
        """The cells of an object whose keys are columns seen before, and whose values fit there."""
        places = self._shapes.get(tuple([key for key, _ in members]))
        if places is None:
            return None
        cells = [""] * len(self._columns)
        for place, (_, value) in zip(places, members, strict=True):
            text = value if type(value) is str else cell_text(value)
            if text is None:
                return None
            cells[place] = text
        return cells

    def __iter__(self) -> Iterator[RawRow]:
        limits, rows_left = self._limits, self._limits.max_rows
        width = len(self._columns)
        for number, (cells, defects) in enumerate(self._waiting, _HEADER_ROW + 1):
            if not defects and not any(map(str.strip, cells)):
                self.blank_rows += 1
                continue
            if not rows_left:
                raise too_many_rows(limits)
            rows_left -= 1
            # Columns may have come after it.
            cells += [""] * (width - len(cells))
            yield data_row(number, cells, limits=limits, defects=defects)

    def _rows_of(self, element: Element) -> Iterator[tuple[list[str], list[Defect]]]:
        """The rows of an element, as wide as the table is so far."""
        value = element.value
        if element.problem:
            yield [], [_whole(DefectCode.INVALID_JSON, value, element.problem)]
        elif not isinstance(value, tuple):
            message = "Expected an object for each row, with a key for each column."
            yield [], [_whole(DefectCode.NOT_AN_OBJECT, value, message)]
        elif (cells := self._plain_cells(value)) is not None:
            yield cells, []
        else:
            for row in rows_of_document(value) or [value]:
                yield self._flattened(row)
            self._remember_shape(value)

    def _flattened(self, members: Pairs) -> tuple[list[str], list[Defect]]:
        found, columns, defects = flat_values(members), self._columns, list[Defect]()
        for flat in found:
            columns.setdefault(flat.column, len(columns))
        if len(columns) > self._limits.max_columns:
            raise too_many_columns(len(columns), self._limits)
        cells = [""] * len(columns)
        for flat in found:
            place = columns[flat.column]
            cells[place] = flat.text
            if flat.problem:
                defects.append(Defect(flat.problem, place + 1, shown(flat.text), flat.message))
        return cells, defects


def _whole(code: DefectCode, value: Any, message: str) -> Defect:
    return Defect(code, None, shown(glimpse(value)), message)
