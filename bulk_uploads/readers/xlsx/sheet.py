"""Reads a sheet's XML row by row: the plain form quickly, any other form with an XML parser."""

import re
from collections.abc import Iterator

from bulk_uploads.readers.base import ReadLimits
from bulk_uploads.readers.table import row_too_long
from bulk_uploads.readers.xlsx.archive import Part
from bulk_uploads.readers.xlsx.blocks import XmlBlocks, is_marked_up
from bulk_uploads.readers.xlsx.forms import (
    CellForms,
    ColumnNumbers,
    WrittenCell,
    column_letters,
)
from bulk_uploads.readers.xlsx.plain_rows import PlainRows
from bulk_uploads.readers.xlsx.row_expression import EMPTY_ROWS, ROW_END
from bulk_uploads.readers.xlsx.row_texts import SheetRows, WrittenRow
from bulk_uploads.readers.xlsx.xml import Attributes, XmlEvents, decoded, encoded

# Tags and formulas take up more room than what a row says.
_MARKUP_FACTOR = 8
_LONGEST_NUMBER = 9
_HEAD = re.compile("<sheetData>")
_TAIL = re.compile(EMPTY_ROWS + "</sheetData>")


def written_rows(part: Part, *, limits: ReadLimits, forms: CellForms) -> Iterator[SheetRows]:
    """The rows a sheet has in its file, numbered as it numbers them. Raises UnreadableFile."""
    number = 0
    blocks = XmlBlocks(
        decoded(part),
        head=_HEAD,
        end_tag=ROW_END,
        close_tag="</sheetData>",
        max_chars=_MARKUP_FACTOR * limits.max_row_chars,
        too_long=lambda: row_too_long(number + 1, limits),
    )
    plain = PlainRows(forms)
    for block in blocks:
        read, length = 0, 0 if is_marked_up(block) else len(block)
        while read < length and (found := plain.rows(block, read)):
            rows, read = found
            number = rows.last_number
            yield rows
        if read < len(block):
            rest = blocks.rest(block[read:])
            yield from _parsed_rows(part.name, rest, after=number, limits=limits)
            return
    if _TAIL.match(blocks.tail):
        blocks.drain()
    else:
        yield from _parsed_rows(part.name, blocks.rest(), after=number, limits=limits)


def _parsed_rows(
    part_name: str, texts: Iterator[str], *, after: int, limits: ReadLimits
) -> Iterator[WrittenRow]:
    found = _RowEvents(after=after, limits=limits)
    events = XmlEvents(
        part_name, start=found.start, end=found.end, text=found.text, encoding="utf-8"
    )
    for text in texts:
        events.feed(encoded(text))
        yield from found.taken()
    events.feed(b"", is_last=True)
    yield from found.taken()


class _RowEvents:
    """Gathers rows from XML events. Rows and cells without an address follow the one before."""

    def __init__(self, *, after: int, limits: ReadLimits) -> None:
        self._limits = limits
        self._ready: list[WrittenRow] = []
        self._number = after
        self._column = 0
        self._columns = ColumnNumbers()
        self._cells: list[WrittenCell] = []
        self._chars = 0
        self._cell: Attributes | None = None
        self._formula = ""
        self._is_value = self._is_phonetic = False
        self._value: list[str] = []

    def taken(self) -> list[WrittenRow]:
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            given = attributes.get("r", "")
            is_number = given.isdecimal() and len(given) <= _LONGEST_NUMBER
            self._number = int(given) if is_number else self._number + 1
            self._column = self._chars = 0
            self._cells = []
        elif name == "c":
            self._cell, self._value, self._formula = attributes, [], ""
        elif self._cell is not None:
            if name == "f":
                self._formula = " f"
            elif name == "rPh":
                self._is_phonetic = True
            elif name in ("v", "t"):
                self._is_value = not self._is_phonetic

    def end(self, name: str) -> None:
        if name == "row":
            self._ready.append(WrittenRow(self._number, self._cells))
        elif name == "c" and self._cell is not None:
            self._take_cell(self._cell)
            self._cell = None
        elif name == "rPh":
            self._is_phonetic = False
        elif name in ("v", "t"):
            self._is_value = False

    def text(self, text: str) -> None:
        if self._is_value and self._cell is not None:
            self._count(len(text))
            self._value.append(text)

    def _take_cell(self, attributes: Attributes) -> None:
        letters = attributes.get("r", "").rstrip("0123456789") or column_letters(self._column + 1)
        self._column = self._columns[letters] + 1
        self._count(1)
        form = "".join(f' {name}="{attributes[name]}"' for name in "st" if name in attributes)
        self._cells.append((letters, form + self._formula, "".join(self._value)))

    def _count(self, chars: int) -> None:
        self._chars += chars
        if self._chars > self._limits.max_row_chars:
            raise row_too_long(self._number, self._limits)
