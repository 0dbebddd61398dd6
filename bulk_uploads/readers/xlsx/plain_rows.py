"""Reads rows of a sheet in the plain form that nearly every program writes, without XML events."""

import re

from bulk_uploads.readers.xlsx.blocks import resolved
from bulk_uploads.readers.xlsx.expected_rows import ExpectedRows
from bulk_uploads.readers.xlsx.forms import CellForms, WrittenCell
from bulk_uploads.readers.xlsx.row_expression import ROW_END, ROW_START
from bulk_uploads.readers.xlsx.row_texts import SheetRows, WrittenRow

_ROW = re.compile(ROW_START)
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
_MOST_ATTRIBUTES = 100_000


class PlainRows:
    """Reads one sheet's rows: at once where they are as expected, else cell by cell."""

    def __init__(self, forms: CellForms) -> None:
        self._expected = ExpectedRows(forms)
        self._plain_attributes: set[str] = set()

    def rows(self, block: str, at: int) -> tuple[SheetRows, int] | None:
        """One row or more from a place of a block of whole ones on, and where they end.

        None if the first is not in the plain form.
        """
        if expected := self._expected.rows(block, at):
            return expected
        end = block.index(ROW_END, at)
        piece = block[at:end]
        start = _ROW.match(piece)
        if start is None:
            return None
        cells = _plain_cells(piece, start.end())
        if cells is None or not self._are_plain({attributes for _, attributes, _ in cells}):
            return None
        self._expected.learn(cells)
        return WrittenRow(int(start[1]), cells), end + len(ROW_END)

    def _are_plain(self, attributes: set[str]) -> bool:
        """Whether all are written as nearly all programs do: a blank before, double quotes."""
        new = attributes - self._plain_attributes
        if not all(map(_ATTRIBUTES.fullmatch, new)):
            return False
        if len(self._plain_attributes) < _MOST_ATTRIBUTES:
            self._plain_attributes |= new
        return True


def _plain_cells(piece: str, start: int) -> list[WrittenCell] | None:
    """Column, attributes and value of each cell; None if one is not in the plain form.

    What an expression leaves out would go unnoticed, so the cells are counted apart.
    """
    cells: list[WrittenCell] = _CELL.findall(piece)
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
