"""Writes one sheet of a workbook as XML, a few rows at a time."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from bulk_uploads.file_template import CellKind
from bulk_uploads.spreadsheet_text import neutralise
from bulk_uploads.writers.styles import HEADER, OF_KIND
from bulk_uploads.writers.table import Batches, Row, TableColumn, TableTooLarge, cell_text

#: Excel's specifications and limits: rows of a sheet, columns, characters of a cell.
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_CHARS: Final = 32_767
# Larger parts would need ZIP64, which not every program reads.
_MOST_BYTES: Final = 2**31 - 2**24

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# What XML or a spreadsheet would not take as it is: see `_inline`.
_UNUSUAL = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x|^[=+\-@']|^\s|\s\Z|  ")
_WIDTHS = (9, 50)
_PROMPT_CHARS = 255


def column_letters(number: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters


class SheetWriter:
    """Take `pieces` once. `rows` counts those written so far, the header included."""

    def __init__(
        self, columns: Sequence[TableColumn], *, is_filtered: bool, is_first: bool
    ) -> None:
        if len(columns) > MOST_COLUMNS:
            raise TableTooLarge(
                f"The table has {len(columns):,} columns; a workbook holds {MOST_COLUMNS:,}. "
                "Choose CSV or JSON Lines."
            )
        self.rows = 0
        self._bytes = 0
        self._columns = columns
        self._letters = [column_letters(at) for at in range(1, len(columns) + 1)]
        self._places = [
            (letters, OF_KIND[column.kind], column.kind is CellKind.NUMBER)
            for letters, column in zip(self._letters, columns, strict=True)
        ]
        self._is_filtered = is_filtered
        self._is_first = is_first

    def pieces(self, batches: Batches) -> Iterator[bytes]:
        """Raises TableTooLarge."""
        rest = iter(batches)
        first = next(rest, [])
        yield self._head(first)
        yield self._header_row()
        for batch in chain([first], rest):
            piece = "".join(map(self._row, batch)).encode()
            self._bytes += len(piece)
            if self._bytes > _MOST_BYTES:
                raise TableTooLarge(
                    "The table is larger than what a workbook can hold. "
                    "Choose CSV or JSON Lines, or export a part of it."
                )
            yield piece
        yield self._foot()

    def _head(self, sample: Sequence[Row]) -> bytes:
        selected = ' tabSelected="1"' if self._is_first else ""
        widths = [_width(at, column, sample) for at, column in enumerate(self._columns)]
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" style="{OF_KIND[column.kind]}" '
            f'hidden="{int(column.hidden)}" customWidth="1"/>'
            for at, (column, width) in enumerate(zip(self._columns, widths, strict=True), 1)
        )
        return (
            f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"{selected}>'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
        ).encode()

    def _header_row(self) -> bytes:
        self.rows = 1
        cells = "".join(
            f'<c r="{letters}1" s="{HEADER}" t="inlineStr">'
            f"{self._inline(column.header, letters)}</c>"
            for letters, column in zip(self._letters, self._columns, strict=True)
        )
        return f'<row r="1" ht="22" customHeight="1">{cells}</row>'.encode()

    def _row(self, row: Row) -> str:
        if self.rows >= MOST_ROWS:
            raise TableTooLarge(
                f"A sheet holds {MOST_ROWS - 1:,} rows below its header. "
                "Choose CSV or JSON Lines, or export a part of the catalog."
            )
        self.rows += 1
        number = self.rows
        cells = []
        for (letters, style, is_number), value in zip(self._places, row, strict=True):
            start = f'<c r="{letters}{number}" s="{style}"'
            if is_number and value:
                cells.append(f"{start}><v>{value}</v></c>")
            elif value is True or value is False:
                cells.append(f'{start} t="b"><v>{int(value)}</v></c>')
            elif value:
                text = value if type(value) is str else cell_text(value)
                cells.append(f'{start} t="inlineStr">{self._inline(text, letters)}</c>')
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _inline(self, text: str, letters: str) -> str:
        if len(text) < MOST_CHARS and not _UNUSUAL.search(text):
            return f"<is><t>{text}</t></is>"
        text = neutralise(text)
        if len(text) > MOST_CHARS:
            raise TableTooLarge(
                f"Cell {letters}{self.rows} would have {len(text):,} characters; a cell of a "
                f"workbook holds {MOST_CHARS:,}. Choose CSV or JSON Lines."
            )
        return f'<is><t xml:space="preserve">{_written(text)}</t></is>'

    def _foot(self) -> bytes:
        last = self._letters[-1]
        filters = f'<autoFilter ref="A1:{last}{self.rows}"/>' if self._is_filtered else ""
        rules = [
            _validation(letters, column)
            for letters, column in zip(self._letters, self._columns, strict=True)
            if column.choices or column.prompt
        ]
        validations = (
            f'<dataValidations count="{len(rules)}">{"".join(rules)}</dataValidations>'
            if rules
            else ""
        )
        return f"</sheetData>{filters}{validations}</worksheet>".encode()


def _validation(letters: str, column: TableColumn) -> str:
    """What a spreadsheet tells whoever stands on a cell of the column, and lets them choose."""
    area = f'sqref="{letters}2:{letters}{MOST_ROWS}"'
    prompt = ""
    if column.prompt:
        text = quoteattr(column.prompt[:_PROMPT_CHARS])
        prompt = f' showInputMessage="1" prompt={text}'
    if not column.choices:
        return f"<dataValidation{prompt} {area}/>"
    listed = escape(",".join(column.choices))
    error = quoteattr(f"Choose one of: {', '.join(column.choices)}.")
    return (
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" error={error}{prompt} '
        f'{area}><formula1>"{listed}"</formula1></dataValidation>'
    )


def _written(text: str) -> str:
    """Text as XML; what XML cannot hold as workbooks write it: `_xFFFE_`."""
    text = _LIKE_ESCAPE.sub("_x005F_", text)
    text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _width(at: int, column: TableColumn, sample: Sequence[Row]) -> int:
    """Wide enough for the header, and for most of the first rows."""
    least, most = _WIDTHS
    lengths = sorted(len(cell_text(row[at])) for row in sample[:200])
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    # Room for the filter's button beside the header.
    return max(least, min(max(len(column.header) + 4, usual + 2), most))
