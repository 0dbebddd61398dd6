"""Reads rows of a sheet in the plain form that nearly every program writes, without XML events.

Most rows of a table differ in digits only. So the outline of a row, which is its XML without them,
tells what was read of an earlier row: which columns it fills, and with what kind of value.
"""

import re
from typing import NamedTuple

from bulk_uploads.readers.xlsx.blocks import resolved
from bulk_uploads.readers.xlsx.cells import RowShape, WrittenRow

EMPTY_ROWS = r"(?:\s*<row [^<>]*/>)*\s*"
_ROW = re.compile(EMPTY_ROWS + r'<row r="([0-9]{1,9})"(?: [^<>]*[^<>/])?>')
# Possessive quantifiers: nothing here is ever found by going back, and not trying is quicker.
_CELL = re.compile(
    r'<c r="([A-Z]{1,3}+)[0-9]++"([^<>/]*+)(?:>'
    r'<(?:v|is><t(?: xml:space="preserve")?)>([^<]*+)</(?:v|t></is)></c>|/>)'
)
# The same with formulas and without values, which takes longer.
_ANY_CELL = re.compile(
    r'<c r="([A-Z]{1,3}+)[0-9]++"([^<>/]*+)(?:>(?:(<f)(?:[^<>]*/>|[^<>]*>[^<]*+</f>))?'
    r'(?:<v ?/>|<(?:v|is><t(?: xml:space="preserve")?)>([^<]*+)</(?:v|t></is)>)?</c>|/>)'
)
_ATTRIBUTES = re.compile(r'(?: [\w:]++="[^"&]*+")*+(?: f)?')
_VALUE = re.compile(r"<v>([^<]*+)")
_STYLE = re.compile(r' s="([0-9]++)"')
_NO_OUTLINE = b"0123456789.-"
_LONGEST_OUTLINE = 20_000
# So many rows without an outline seen before, and more of them than others, are no table of shapes.
_TRIAL_ROWS = 500
_MOST_ATTRIBUTES = 100_000


class _Outlined(NamedTuple):
    shape: RowShape
    styles: list[str]


class PlainRows:
    """Reads one sheet's rows. `styles_matter` where some of them change a number."""

    def __init__(self, *, styles_matter: bool) -> None:
        self._styles_matter = styles_matter
        self._known: dict[bytes, _Outlined] = {}
        self._hits = self._misses = 0
        self._plain_attributes: set[str] = set()

    def row(self, piece: str) -> WrittenRow | None:
        """The row that ends with this piece; None if it is not in the plain form."""
        start = _ROW.match(piece)
        if start is None:
            return None
        number = int(start[1])
        outline = b""
        if piece.isascii() and (self._hits >= self._misses or self._misses < _TRIAL_ROWS):
            outline = piece.encode().translate(None, delete=_NO_OUTLINE)
            known = self._known.get(outline)
            if known and not (self._styles_matter and _STYLE.findall(piece) != known.styles):
                self._hits += 1
                return WrittenRow(number, known.shape, _VALUE.findall(piece))
            self._misses += 1
        cells = _plain_cells(piece, start.end())
        if cells is None:
            return None
        if not self._are_plain({attributes for _, attributes, _ in cells}):
            return None
        filled = [cell for cell in cells if cell[2] or cell[1].endswith(" f")]
        columns, attributes, values = zip(*filled, strict=True) if filled else ((), (), ())
        shape = RowShape(columns, attributes)
        if 0 < len(outline) <= _LONGEST_OUTLINE and len(_VALUE.findall(piece)) == len(values):
            self._known[outline] = _Outlined(shape, _STYLE.findall(piece))
        return WrittenRow(number, shape, values)

    def _are_plain(self, attributes: set[str]) -> bool:
        """Whether all are written as nearly all programs do: a blank before, double quotes."""
        new = attributes - self._plain_attributes
        if not all(map(_ATTRIBUTES.fullmatch, new)):
            return False
        if len(self._plain_attributes) < _MOST_ATTRIBUTES:
            self._plain_attributes |= new
        return True


def _plain_cells(piece: str, start: int) -> list[tuple[str, str, str]] | None:
    """Column, attributes and value of each cell; None if one is not in the plain form.

    What an expression leaves out would go unnoticed, so the cells are counted apart.
    """
    cells: list[tuple[str, str, str]] = _CELL.findall(piece)
    count = piece.count("<c", start)
    if len(cells) != count:
        cells = [
            (letters, f"{attributes} f" if formula else attributes, value)
            for letters, attributes, formula, value in _ANY_CELL.findall(piece)
        ]
    if "&" in piece:
        texts = [resolved(value) for _, _, value in cells]
        cells = [
            (letters, attributes, text)
            for (letters, attributes, _), text in zip(cells, texts, strict=True)
            if text is not None
        ]
    return cells if len(cells) == count else None
