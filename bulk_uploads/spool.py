"""The spool: an upload's rows as JSON lines, so that no later phase parses the file again.

One line a row, the header first: `[number,["cell",...]]`. A row with defects has a third element
`[[code,column,value,message],...]`, and where a layout remarked on it a fourth of the same form.
A row that a layout merged into another is `[number,[],number of the other]`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, cast

import orjson

from bulk_uploads.layouts import LaidOutRow
from bulk_uploads.readers.base import Defect, DefectCode, OpenedFile, RawRow
from bulk_uploads.readers.cells import examine_cells

_NEWLINE = orjson.OPT_APPEND_NEWLINE
# A row without defects ends `"]]`, or `[]]` without cells: only lists of defects end so.
_DEFECTS_END = b"]]]\n"
_ROW_END = b"]]\n"
_LINE_END = b"]\n"
# Few enough to stay in the processor's cache: 2,000 rows at a time took a fifth longer.
_BATCH_ROWS = 200
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


@dataclass(frozen=True, slots=True)
class SpoolCounts:
    """What a spool holds. `rows` are all data rows, `blank_rows` those the reader left out."""

    rows: int
    defective_rows: int
    blank_rows: int
    bytes: int


class SpoolWriter:
    """Writes a spool to a binary file and counts; the caller makes the file final when all is in.

    Characters that JSON cannot hold become U+FFFD, and a defect of their row.
    """

    def __init__(self, target: BinaryIO, *, header: RawRow) -> None:
        self._target = target
        self.rows = 0
        self.defective_rows = 0
        self.bytes = target.write(_line(header))

    def write_laid_out(self, rows: Sequence[LaidOutRow]) -> None:
        """Rows as a layout made them, of cells that were spooled before."""
        block = b"".join([_laid_out_line(row) for row in rows])
        self._target.write(block)
        self.bytes += len(block)
        self.rows += len(rows)
        self.defective_rows += sum(1 for row in rows if row.defects)

    def write_rows(self, rows: Sequence[RawRow]) -> None:
        dumps = orjson.dumps
        try:
            lines = [
                _line(row) if row.defects else dumps((row.number, row.cells), option=_NEWLINE)
                for row in rows
            ]
        except orjson.JSONEncodeError:
            rows = [_encodable(row) for row in rows]
            lines = [_line(row) for row in rows]
        block = b"".join(lines)
        self._target.write(block)
        self.bytes += len(block)
        self.rows += len(rows)
        self.defective_rows += sum(1 for row in rows if row.defects)


def fill_spool(
    *,
    source: OpenedFile,
    target: BinaryIO,
    batch_rows: int = _BATCH_ROWS,
    on_batch: Callable[[SpoolWriter], None] | None = None,
    survey: Callable[[Sequence[RawRow]], None] | None = None,
) -> SpoolCounts:
    """Spools all rows of an opened file; `on_batch` is called after each batch, as a heartbeat.

    `survey` is shown every row as it passes.

    Raises UnreadableFile where the file turns out unreadable further down; what `target` then
    holds is of no use.
    """
    writer = SpoolWriter(target, header=source.header)
    rows = iter(source)
    while batch := list(islice(rows, batch_rows)):
        writer.write_rows(batch)
        if survey:
            survey(batch)
        if on_batch:
            on_batch(writer)
    return SpoolCounts(
        rows=writer.rows,
        defective_rows=writer.defective_rows,
        blank_rows=source.blank_rows,
        bytes=writer.bytes,
    )


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
        batch: list[SpoolRow] = []
        offset, stop = self._offset, self._offset + max_bytes
        for line in islice(iter(self._source.readline, b""), max_rows):
            if line.endswith(_ROW_END) and not line.endswith(_DEFECTS_END):
                comma = line.index(b",")
                number, cells = int(line[1:comma]), line[comma + 1 : -2]
                row = SpoolRow(number, cells, (), offset + len(line))
            elif line.endswith(_LINE_END):
                row = _parsed(line, offset)
            else:
                raise SpoolDamaged(f"The spool ends inside the row at byte {offset}.")
            batch.append(row)
            offset = row.end_offset
            if offset >= stop:
                break
        self._offset = offset
        return batch


def _line(row: RawRow) -> bytes:
    if not row.defects:
        return orjson.dumps((row.number, row.cells), option=_NEWLINE)
    defects = [(d.code, d.column, d.value, d.message) for d in row.defects]
    return orjson.dumps((row.number, row.cells, defects), option=_NEWLINE)


def _laid_out_line(row: LaidOutRow) -> bytes:
    if row.merged_into is not None:
        return orjson.dumps((row.number, (), row.merged_into), option=_NEWLINE)
    if not (row.defects or row.remarks):
        return orjson.dumps((row.number, row.cells), option=_NEWLINE)
    noted = [
        [(d.code, d.column, d.value, d.message) for d in found]
        for found in (row.defects, row.remarks)
    ]
    return orjson.dumps(
        (row.number, row.cells, *(noted if row.remarks else noted[:1])), option=_NEWLINE
    )


def _encodable(row: RawRow) -> RawRow:
    """The row itself, or where its reader left lone surrogates in it, the row without them."""
    try:
        _line(row)
    except orjson.JSONEncodeError:
        longest = max(len(cell) for cell in row.cells)
        cells, defects = examine_cells(row.cells, max_chars=longest)
        return RawRow(row.number, cells, row.defects + defects)
    return row


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
