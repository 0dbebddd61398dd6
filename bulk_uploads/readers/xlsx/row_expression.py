"""One regular expression for the rows of a sheet, made of the kinds of cells its columns have.

It takes a whole row apart at once, several times faster than cell by cell. Any of the cells may be
missing. A row that holds anything else does not match.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from bulk_uploads.readers.xlsx.blocks import resolved
from bulk_uploads.readers.xlsx.forms import AS_WRITTEN, INLINE, NUMBER, SHARED, CellForm
from bulk_uploads.readers.xlsx.values import EXACT_DIGITS, PLAIN_NUMBER

#: The value of a cell that a row does not have. It is told from others by being this very object.
ABSENT = "null"
#: Rows without cells. Possessive quantifiers, here and below: nothing is ever found by going back,
#: and not trying is quicker.
EMPTY_ROWS = r"(?:\s*+<row [^<>]*+(?<=/)>)*+\s*+"
ROW_START = EMPTY_ROWS + r'<row r="([0-9]{1,9}+)"(?: [^<>]*+(?<!/))?+>'
ROW_END = "</row>"
_ANY_STYLE = '(?: s="[0-9]++")?+'
_FORMULA = "<f(?:[^<>]*/>|[^<>]*>[^<]*+</f>)"
_VALUES = {
    SHARED: "<v>([0-9]{1,9}+)</v>",
    AS_WRITTEN: f"<v>(?=[0-9.]{{1,{EXACT_DIGITS}}}+<)({PLAIN_NUMBER})</v>",
    NUMBER: "<v>([-+.0-9eE]++)</v>",
    INLINE: '<is><t(?: xml:space="preserve")?+>([^<]*+)</t></is>',
}
_ANY_VALUE = "<v>([^<]*+)</v>"
# What is read column by column at once, and so is in memory at once.
_MOST_ROWS = 100


class CellKind(NamedTuple):
    """A kind of cell that a column may have.

    `style` and `type` are attributes as they are written, a style of None is any. One without
    a value has no form.
    """

    place: int
    letters: str
    style: str | None
    type: str
    form: CellForm | None

    @property
    def expression(self) -> str:
        style = _ANY_STYLE if self.style is None else self.style
        start = f'<c r="{self.letters}[0-9]++"{style}{self.type}'
        if self.form is None:
            return f"(?:{start}/>)?+"
        if self.form.is_formula:
            # Early releases of Python 3.11 get alternatives inside of possessive groups wrong.
            return f"(?:{start}>{_FORMULA}{_ANY_VALUE}</c>)?"
        return f"(?:{start}>{_VALUES.get(self.form, _ANY_VALUE)}</c>)?+"


class Column(NamedTuple):
    """A column and its forms. Each has a value of its own in a row, from place `first` on."""

    place: int
    first: int
    forms: tuple[CellForm, ...]


class MatchedRows(NamedTuple):
    """Rows one after another, each its number and then the values of its columns."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]

    @property
    def last_number(self) -> int:
        return int(self.rows[-1][0])


class RowExpression:
    """Matches rows of cells of these kinds, which are in the order of their columns."""

    def __init__(self, kinds: Sequence[CellKind]) -> None:
        cells = "".join(kind.expression for kind in kinds)
        self._match = re.compile(f"{ROW_START}{cells}{ROW_END}").match
        self._columns: list[Column] = []
        first = 0
        filled = [(kind.place, kind.form) for kind in kinds if kind.form]
        for place, group in groupby(filled, key=lambda kind: kind[0]):
            forms = tuple(form for _, form in group)
            self._columns.append(Column(place, first, forms))
            first += len(forms)
        self._may_refer = not {form for _, form in filled} <= {SHARED, AS_WRITTEN, NUMBER}

    def rows(self, block: str, at: int) -> tuple[MatchedRows, int]:
        """The rows from a place of the block on that match, not too many, and where they end."""
        match, rows = self._match, list[Sequence[str]]()
        while len(rows) < _MOST_ROWS and (found := match(block, at)):
            values: Sequence[str] = found.groups(ABSENT)
            end = found.end()
            if self._may_refer and block.find("&", at, end) >= 0:
                values = [text for value in values if (text := resolved(value)) is not None]
                if len(values) <= len(found.groups()):
                    break
            rows.append(values)
            at = end
        return MatchedRows(self._columns, rows), at
