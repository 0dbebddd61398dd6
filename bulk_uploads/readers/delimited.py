"""Reads CSV and its relatives (semicolon, tab, pipe): any encoding, any line end, any size."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from bulk_uploads.readers.base import (
    Defect,
    DefectCode,
    FileFormat,
    NumberedCells,
    RawRow,
    ReadHints,
    ReadLimits,
    UnreadableCode,
    UnreadableFile,
)
from bulk_uploads.readers.cells import examine_cells, shown
from bulk_uploads.readers.delimiter import detect_delimiter
from bulk_uploads.readers.encoding import CHUNK_BYTES, decoded_chunks, detect_encoding
from bulk_uploads.readers.lines import LineFeed, unterminated_quote
from bulk_uploads.readers.table import header_row, too_many_rows


def open_delimited(stream: BinaryIO, *, limits: ReadLimits, hints: ReadHints) -> "DelimitedFile":
    """Reads up to the header. Raises UnreadableFile."""
    return DelimitedFile(stream, limits=limits, hints=hints)


class DelimitedFile:
    """A delimited text file behind the `OpenedFile` protocol."""

    def __init__(self, stream: BinaryIO, *, limits: ReadLimits, hints: ReadHints) -> None:
        self._stream = stream
        self._limits = limits
        encoding = detect_encoding(stream, hint=hints.encoding)
        sample = next(decoded_chunks(stream, encoding), "")
        delimiter = detect_delimiter(sample, hint=hints.delimiter)
        self.format = FileFormat(
            "csv", encoding.name, delimiter.char, byte_order_mark=encoding.mark_bytes > 0
        )
        self.blank_rows = 0
        self._feed = LineFeed(decoded_chunks(stream, encoding), max_row_chars=limits.max_row_chars)
        _admit_cells_of(limits.max_row_chars + 2 * CHUNK_BYTES)
        self._rows = csv.reader(self._feed, delimiter=delimiter.char)
        if delimiter.has_separator_line:
            next(self._rows)
        self._filled = self._filled_rows()
        self.header = self._read_header()

    def _read_header(self) -> RawRow:
        for number, cells in self._filled:
            self.blank_rows = 0
            return header_row(number, cells, limits=self._limits)
        if self._stream.tell() == 0:
            raise UnreadableFile(UnreadableCode.EMPTY_FILE, "The file is empty (0 bytes).")
        raise UnreadableFile(
            UnreadableCode.NO_HEADER, "The file holds only blank rows; a header is needed."
        )

    @property
    def max_cell_chars(self) -> int:
        return self._limits.max_cell_chars

    def __iter__(self) -> Iterator[RawRow]:
        for row in self._filled:
            yield self._examined(row)

    def take(self, most: int) -> list[NumberedCells]:
        return list(islice(self._filled, most))

    def examined(self, rows: Iterable[NumberedCells]) -> list[RawRow]:
        return list(map(self._examined, rows))

    def _filled_rows(self) -> Iterator[NumberedCells]:
        """The file's rows but for blank ones; a row the end of the file cut off raises."""
        feed, rows_left = self._feed, self._limits.max_rows + 1  # with the header
        for cells in self._rows:
            feed.row_number += 1
            if feed.exhausted:
                raise unterminated_quote(feed.row_number)
            if not any(map(str.strip, cells)):
                self.blank_rows += 1
                continue
            if not rows_left:
                raise too_many_rows(self._limits)
            rows_left -= 1
            yield feed.row_number, cells

    def _examined(self, row: NumberedCells) -> RawRow:
        """A row that may have defects, at least as wide as the header."""
        number, cells = row
        width, text = len(self.header.cells), "".join(cells)
        # Printable text holds no control character, no line break and no lone surrogate.
        if len(cells) == width and len(text) <= self._limits.max_cell_chars and text.isprintable():
            return RawRow(number, cells)
        cells, ragged = _fitted(cells, width=width, max_columns=self._limits.max_columns)
        cells, defects = examine_cells(cells, max_chars=self._limits.max_cell_chars)
        return RawRow(number, cells, ragged + defects)


def _admit_cells_of(chars: int) -> None:
    """Lets csv parse cells of this size: the limits here are the reader's own.

    The csv module has one limit for the whole process, so it is only ever raised.
    """
    if csv.field_size_limit() < chars:
        csv.field_size_limit(chars)


def _fitted(cells: list[str], *, width: int, max_columns: int) -> tuple[list[str], list[Defect]]:
    """The cells cut or padded to the header where nothing is lost by it, else a defect too."""
    found = len(cells)
    while found > width and not cells[found - 1].strip():
        found -= 1
    if found == width:
        return cells[:width], []
    if found < width:
        return cells + [""] * (width - found), [_ragged(width, found, cells[-1])]
    return cells[: min(found, max_columns + 1)], [_ragged(width, found, cells[width])]


def _ragged(expected: int, found: int, value: str) -> Defect:
    advice = (
        "Add the missing cells, and put double quotes around text with line breaks."
        if found < expected
        else "Put double quotes around text that contains the delimiter."
    )
    message = f"Number of cells: expected {expected:,} as in the header, found {found:,}. {advice}"
    return Defect(DefectCode.RAGGED_ROW, None, shown(value), message)
