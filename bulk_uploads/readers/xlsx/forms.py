"""What the attributes of a sheet's cells say of their values, and the letters of its columns."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from bulk_uploads.readers.cells import shown
from bulk_uploads.readers.xlsx.archive import damaged
from bulk_uploads.readers.xlsx.styles import NumberStyle

MOST_COLUMNS = 16_384
_MOST_FORMS = 100_000
_ATTRIBUTE = re.compile(r' (\w++)="([^"]*+)"')


#: Letters over a cell, its attributes and its value.
WrittenCell = tuple[str, str, str]


class CellForm(NamedTuple):
    """What the attributes of a cell say of its value."""

    kind: str
    style: NumberStyle | None
    is_formula: bool


#: The forms nearly all cells have.
SHARED = CellForm("s", None, is_formula=False)
INLINE = CellForm("inlineStr", None, is_formula=False)
NUMBER = CellForm("n", None, is_formula=False)
#: A number that is written as it is read.
AS_WRITTEN = CellForm("plain number", None, is_formula=False)


class CellForms(dict[str, CellForm]):
    """Forms by the text of the attributes, of which a sheet has as many as it has styles.

    The text is as in the tag (` s="1" t="s"`), with ` f` at its end for a formula.
    """

    def __init__(self, styles: Mapping[str, NumberStyle]) -> None:
        """`styles` are those that make a number a date, or fill it up with zeros."""
        super().__init__()
        self._styles = styles

    @property
    def styles_matter(self) -> bool:
        """Whether what a number means may hang on its style."""
        return bool(self._styles)

    def __missing__(self, attributes: str) -> CellForm:
        given = dict(_ATTRIBUTE.findall(attributes))
        kind = given.get("t", "n")
        style = self._styles.get(given.get("s", "0")) if kind == "n" else None
        form = CellForm(kind, style, is_formula=attributes.endswith(" f"))
        form = next((known for known in (SHARED, INLINE, NUMBER) if known == form), form)
        if len(self) < _MOST_FORMS:
            self[attributes] = form
        return form


class ColumnNumbers(dict[str, int]):
    """Places from 0 by a column's letters: A is 0, AA is 26."""

    def __missing__(self, letters: str) -> int:
        place = 0
        for letter in letters:
            place = 26 * place + ord(letter) - ord("A") + 1
        if not (0 < place <= MOST_COLUMNS and letters.isascii() and letters.isupper()):
            raise damaged(f"it has a cell in a column “{shown(letters)}”")
        self[letters] = place - 1
        return place - 1


def column_letters(column: int) -> str:
    """The letters over a column, which counts from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
