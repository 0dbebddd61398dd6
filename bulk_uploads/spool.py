"""The spool: an upload's rows as JSON lines, so that no later phase parses the file again.

One line a row, the header first: `[number,["cell",...]]`. A row with defects has a third element
`[[code,column,value,message],...]`, and where a layout remarked on it a fourth of the same form.
A row that a layout merged into another is `[number,[],number of the other]`.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import methodcaller
from typing import Any, BinaryIO, NamedTuple, cast

import orjson

from bulk_uploads.readers.base import Defect, DefectCode

# A row without defects ends `"]]`, or `[]]` without cells: only lists of defects end so.
_DEFECTS_END = b"]]]\n"
_CELLS_END = b'"]]\n'
_ROW_END = b"]]\n"
_LINE_END = b"]\n"
_ends_with_cells = methodcaller("endswith", _CELLS_END)
_BATCH_BYTES = 16 * 1024 * 1024


class SpoolDamaged(Exception):
    """The spool is not whole: it ends inside a row."""


class SpoolRow(NamedTuple):
    """A spooled row. `cells_json` are the bytes of its cells as spooled, for digests.

    `end_offset` is the spool's byte offset after this row, where reading can resume. `remarks`
    fail nothing; a row that is merged into another has no cells of its own.
    """

    number: int
    cells_json: bytes
    defects: tuple[Defect, ...]
    end_offset: int
    remarks: tuple[Defect, ...] = ()
    merged_into: int | None = None

    def cells(self) -> list[str]:
        """The row's cells, decoded at each call."""
        return cast(list[str], orjson.loads(self.cells_json))


class SpoolLines:
    """Lines of a spool as they stand. Rows are made of them only once somebody asks for them."""

    def __init__(self, lines: list[bytes], *, offset: int) -> None:
        """`offset` is the byte of the spool at which they begin."""
        self.lines = lines
        self.end_offset = offset + sum(map(len, lines))
        self._offset = offset
        self._rows: list[SpoolRow] | None = None

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def are_plain(self) -> bool:
        """Whether every line is a row with cells and nothing beside them."""
        return all(map(_ends_with_cells, self.lines))

    @property
    def first_number(self) -> int:
        return _number(self.lines[0])

    @property
    def last_number(self) -> int:
        return _number(self.lines[-1])

    @property
    def rows(self) -> list[SpoolRow]:
        """The same rows at each call. Raises SpoolDamaged."""
        if self._rows is None:
            self._rows = list(_rows_of(self.lines, self._offset))
        return self._rows


class SpoolReader:
    """Reads a spool from a seekable binary file, from any row's `end_offset` on."""

    def __init__(self, source: BinaryIO, *, offset: int = 0) -> None:
        """Reads the header and goes to `offset`; 0 is the first data row."""
        self._source = source
        source.seek(0)
        self.header = _parsed(source.readline(), 0)
        self._offset = max(offset, self.header.end_offset)
        source.seek(self._offset)

    def read_batch(self, max_rows: int, *, max_bytes: int = _BATCH_BYTES) -> list[SpoolRow]:
        """The next rows, none at the end; fewer where they are long, so that memory is bounded.

        Raises SpoolDamaged.
        """
        return self.read_lines(max_rows, max_bytes=max_bytes).rows

    def read_lines(self, max_rows: int, *, max_bytes: int = _BATCH_BYTES) -> SpoolLines:
        """As `read_batch`, the rows not made yet. Raises SpoolDamaged."""
        lines: list[bytes] = []
        left = max_bytes
        for line in islice(self._source, max_rows):
            lines.append(line)
            left -= len(line)
            if left <= 0:
                break
        if lines and not lines[-1].endswith(_LINE_END):
            raise SpoolDamaged(f"The spool ends inside the row {lines[-1][:20]!r}.")
        batch = SpoolLines(lines, offset=self._offset)
        self._offset = batch.end_offset
        return batch


def _rows_of(lines: Sequence[bytes], offset: int) -> Iterator[SpoolRow]:
    for line in lines:
        if line.endswith(_ROW_END) and not line.endswith(_DEFECTS_END):
            comma = line.index(b",")
            row = SpoolRow(int(line[1:comma]), line[comma + 1 : -2], (), offset + len(line))
        else:
            row = _parsed(line, offset)
        yield row
        offset = row.end_offset


def _number(line: bytes) -> int:
    return int(line[1 : line.index(b",")])


def _parsed(line: bytes, offset: int) -> SpoolRow:
    """Any row; the bytes of its cells are encoded again, to the same result."""
    try:
        number, cells, *rest = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise SpoolDamaged(f"The spool ends inside the row at byte {offset}.") from error
    if rest and isinstance(rest[0], int):
        return SpoolRow(number, b"[]", (), offset + len(line), (), rest[0])
    defects, remarks = (*map(_defects, rest), (), ())[:2]
    return SpoolRow(number, orjson.dumps(cells), defects, offset + len(line), remarks)


def _defects(found: Sequence[Sequence[Any]]) -> tuple[Defect, ...]:
    return tuple(
        Defect(DefectCode(code), column, value, message) for code, column, value, message in found
    )
