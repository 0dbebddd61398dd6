"""Reads single cells of a sheet as texts, and says what is wrong with them."""

from bulk_uploads.readers.base import Defect, DefectCode
from bulk_uploads.readers.cells import shown
from bulk_uploads.readers.xlsx.forms import NUMBER, CellForm, column_letters
from bulk_uploads.readers.xlsx.strings import SharedStrings, unescaped
from bulk_uploads.readers.xlsx.styles import ZeroPadding
from bulk_uploads.readers.xlsx.values import (
    date_text,
    iso_date,
    number_text,
    padded_text,
    truth_text,
)

_MOST_NUMBERS = 20_000


class _Numbers(dict[str, str]):
    """Texts of numbers as they are written: sizes and prices repeat."""

    def __missing__(self, value: str) -> str:
        text = number_text(value)
        if len(self) < _MOST_NUMBERS:
            self[value] = text
        return text


class CellReader:
    """Reads cells of one sheet; what they refer to is given once."""

    def __init__(self, strings: SharedStrings, *, counts_from_1904: bool) -> None:
        self.strings = strings
        self.numbers = _Numbers()
        self._counts_from_1904 = counts_from_1904

    def text(self, form: CellForm, value: str) -> str:
        """Raises UnreadableFile where the cell refers to what is not there."""
        if form is NUMBER:
            return self.numbers[value]
        if isinstance(form.style, ZeroPadding):
            return padded_text(value, digits=form.style.digits)
        if form.style is not None:
            return date_text(value, form.style, counts_from_1904=self._counts_from_1904)
        match form.kind:
            case "s":
                return self.strings.numbered(value)
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


def cell_defect(form: CellForm, value: str, *, place: int) -> Defect | None:
    """What is wrong with the cell in the column at `place`, which counts from 0."""
    if form.kind == "e":
        return _defect(DefectCode.ERROR_CELL, place + 1, value)
    if form.is_formula and not value and form.kind != "str":
        return _defect(DefectCode.FORMULA_WITHOUT_VALUE, place + 1, value)
    return None


def _defect(code: DefectCode, column: int, value: str) -> Defect:
    visible = shown(value)
    message = _MESSAGES[code].format(letters=column_letters(column), value=visible)
    return Defect(code, column, visible, message)
