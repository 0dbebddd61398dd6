"""Turns the cells of a sheet's row, as they are written, into texts by column."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bulk_uploads.readers.base import Defect, DefectCode
from bulk_uploads.readers.cells import shown
from bulk_uploads.readers.xlsx.archive import damaged
from bulk_uploads.readers.xlsx.strings import SharedStrings, unescaped
from bulk_uploads.readers.xlsx.styles import NumberStyle, ZeroPadding
from bulk_uploads.readers.xlsx.values import (
    date_text,
    iso_date,
    number_text,
    padded_text,
    truth_text,
)

MOST_COLUMNS = 16_384
_MOST_FORMS = 100_000
_MOST_NUMBERS = 20_000


class CellForm(NamedTuple):
    """What the attributes of a cell say of its value."""

    kind: str
    style: NumberStyle | None
    is_formula: bool


class RowShape:
    """Which cells a row fills: the letters over each and its attributes, which rows may share.

    The attributes are text as in the tag (` s="1" t="s"`), with ` f` at the end for a formula.
    """

    __slots__ = ("attributes", "columns", "meaning")

    def __init__(self, columns: Sequence[str], attributes: Sequence[str]) -> None:
        self.columns = columns
        self.attributes = attributes
        # Places and forms, once a reader has found them out.
        self.meaning: tuple[list[int], list[CellForm]] | None = None


class WrittenRow(NamedTuple):
    """A row as its XML has it, with a value for each cell of its shape."""

    number: int
    shape: RowShape
    values: Sequence[str]


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


_ATTRIBUTE = re.compile(r' (\w++)="([^"]*+)"')
# The forms nearly all cells have.
_SHARED = CellForm("s", None, is_formula=False)
_INLINE = CellForm("inlineStr", None, is_formula=False)
_NUMBER = CellForm("n", None, is_formula=False)


class _Forms(dict[str, CellForm]):
    """Forms by the text of the attributes. A sheet has as many as it has styles."""

    def __init__(self, styles: Mapping[str, NumberStyle]) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, attributes: str) -> CellForm:
        given = dict(_ATTRIBUTE.findall(attributes))
        kind = given.get("t", "n")
        style = self._styles.get(given.get("s", "0")) if kind == "n" else None
        form = CellForm(kind, style, is_formula=attributes.endswith(" f"))
        form = next((known for known in (_SHARED, _INLINE, _NUMBER) if known == form), form)
        if len(self) < _MOST_FORMS:
            self[attributes] = form
        return form


class _Numbers(dict[str, str]):
    """Texts of numbers as they are written: sizes and prices repeat."""

    def __missing__(self, value: str) -> str:
        text = number_text(value)
        if len(self) < _MOST_NUMBERS:
            self[value] = text
        return text


class CellReader:
    """Reads rows of one sheet; what its cells refer to is given once."""

    def __init__(
        self, strings: SharedStrings, styles: Mapping[str, NumberStyle], *, counts_from_1904: bool
    ) -> None:
        self._strings = strings
        self._counts_from_1904 = counts_from_1904
        self._forms = _Forms(styles)
        self._numbers = _Numbers()
        self._columns = ColumnNumbers()

    def texts(self, row: WrittenRow, *, width: int) -> tuple[list[str], list[Defect]]:
        """At least `width` texts, and what is wrong with them. Raises UnreadableFile."""
        cells = [""] * width
        defects: list[Defect] = []
        held, numbers = self._strings.held, self._numbers
        places, forms = row.shape.meaning or self._meaning(row.shape)
        for place, form, value in zip(places, forms, row.values, strict=True):
            if form is _SHARED and value.isdecimal():
                try:
                    text = held[int(value)]
                except (IndexError, ValueError):
                    text = self._strings.numbered(value)
            elif not value and not form.is_formula:
                continue
            elif form is _NUMBER:
                text = numbers[value]
            elif form is _INLINE:
                text = unescaped(value) if "_x" in value else value
            else:
                text = self._text(form, value)
                if problem := _problem(form, value):
                    defects.append(_defect(problem, place + 1, value))
            try:
                cells[place] = text
            except IndexError:
                _put(cells, place, text)
        return cells, defects

    def _meaning(self, shape: RowShape) -> tuple[list[int], list[CellForm]]:
        places = [self._columns[letters] for letters in shape.columns]
        shape.meaning = places, [self._forms[attributes] for attributes in shape.attributes]
        return shape.meaning

    def _text(self, form: CellForm, value: str) -> str:
        if isinstance(form.style, ZeroPadding):
            return padded_text(value, digits=form.style.digits)
        if form.style is not None:
            return date_text(value, form.style, counts_from_1904=self._counts_from_1904)
        match form.kind:
            case "s":
                return self._strings.numbered(value)
            case "inlineStr" | "str":
                return unescaped(value)
            case "b":
                return truth_text(value)
            case "d":
                return iso_date(value)
            case "e":
                return value
            case _:
                return number_text(value)


def _put(cells: list[str], place: int, text: str) -> None:
    """Puts a text behind the end of the list, with blanks between."""
    cells.extend([""] * (place - len(cells)))
    cells.append(text)


def _problem(form: CellForm, value: str) -> DefectCode | None:
    if form.kind == "e":
        return DefectCode.ERROR_CELL
    if form.is_formula and not value and form.kind != "str":
        return DefectCode.FORMULA_WITHOUT_VALUE
    return None


_MESSAGES = {
    DefectCode.ERROR_CELL: (
        "Cell {letters} shows the error {value} and not a value."
        " Correct its formula, or enter the value."
    ),
    DefectCode.FORMULA_WITHOUT_VALUE: (
        "Cell {letters} holds a formula whose result the file does not store."
        " Open and save it in a spreadsheet program, or enter the value."
    ),
}


def _defect(code: DefectCode, column: int, value: str) -> Defect:
    visible = shown(value)
    message = _MESSAGES[code].format(letters=column_letters(column), value=visible)
    return Defect(code, column, visible, message)
