"""Writing a spool: rows of a file as JSON lines, in the form that `spool` describes."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import orjson

from bulk_uploads.layouts import LaidOutRow
from bulk_uploads.readers.base import InBulk, NumberedCells, OpenedFile, RawRow
from bulk_uploads.readers.cells import examine_cells

_NEWLINE = orjson.OPT_APPEND_NEWLINE
# Few enough to stay in the processor's cache: 2,000 rows at a time took a fifth longer.
_BATCH_ROWS = 200
# What JSON writes for control characters other than tabs and line feeds, or looks like it.
_ESCAPED_CONTROL = re.compile(rb"\\[^\"\\nt]")
# U+0080 to U+009F.
_C1_CONTROL = re.compile(b"\xc2[\x80-\x9f]")


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
        self._append(b"".join([_laid_out_line(row) for row in rows]), rows=len(rows))
        self.defective_rows += sum(1 for row in rows if row.defects)

    def write_unexamined(
        self, rows: Sequence[NumberedCells], *, width: int, max_chars: int
    ) -> bool:
        """Write rows whose cells nobody has looked at, if nothing is wrong with any of them.

        False where something may be, with nothing written. What is looked at is their JSON: all
        the cells at once, in which control characters are escaped.
        """
        dumps = orjson.dumps
        try:
            lines = [dumps(row, option=_NEWLINE) for row in rows]
        except orjson.JSONEncodeError:
            return False
        block = b"".join(lines)
        if (
            {len(cells) for _, cells in rows} != {width}
            # No row, and so no cell, has more characters than bytes.
            or len(max(lines, key=len)) > max_chars
            or any(map(_ESCAPED_CONTROL.search, [line for line in lines if b"\\" in line]))
            or b"\x7f" in block
            or (b"\xc2" in block and _C1_CONTROL.search(block))
        ):
            return False
        self._append(block, rows=len(rows))
        return True

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
        self._append(b"".join(lines), rows=len(rows))
        self.defective_rows += sum(1 for row in rows if row.defects)

    def _append(self, block: bytes, *, rows: int) -> None:
        self._target.write(block)
        self.bytes += len(block)
        self.rows += rows


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
    if survey is None and isinstance(source, InBulk):
        batches = _write_in_bulk(source, writer, batch_rows)
    else:
        batches = _write_one_by_one(source, writer, batch_rows, survey)
    for _ in batches:
        if on_batch:
            on_batch(writer)
    return SpoolCounts(
        rows=writer.rows,
        defective_rows=writer.defective_rows,
        blank_rows=source.blank_rows,
        bytes=writer.bytes,
    )


def _write_one_by_one(
    source: OpenedFile,
    writer: SpoolWriter,
    batch_rows: int,
    survey: Callable[[Sequence[RawRow]], None] | None,
) -> Iterator[None]:
    rows = iter(source)
    while batch := list(islice(rows, batch_rows)):
        writer.write_rows(batch)
        if survey:
            survey(batch)
        yield


def _write_in_bulk(source: InBulk, writer: SpoolWriter, batch_rows: int) -> Iterator[None]:
    width, max_chars = len(source.header.cells), source.max_cell_chars
    while taken := source.take(batch_rows):
        if not writer.write_unexamined(taken, width=width, max_chars=max_chars):
            writer.write_rows(source.examined(taken))
        yield


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
