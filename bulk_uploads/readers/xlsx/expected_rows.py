"""Learns from the rows of a sheet what its other rows are like, to read those the quick way.

Nearly every table has one kind of value in a column, so that a few rows tell what there can be.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from bulk_uploads.readers.xlsx.forms import (
    AS_WRITTEN,
    NUMBER,
    CellForms,
    ColumnNumbers,
    WrittenCell,
)
from bulk_uploads.readers.xlsx.row_expression import CellKind, MatchedRows, RowExpression
from bulk_uploads.readers.xlsx.values import is_plain_number

_ATTRIBUTES = re.compile(r'( s="[0-9]++")?+( t="\w++")?+( f)?+')
# After so many rows that were not as expected, and then after so many times more, it looks at what
# there was so far and expects that.
_FIRST_MISSES = 8
_MISSES_FACTOR = 4
# The cells of the header come once, and such a table's odd ones.
_FEWEST_SEEN = 2
_MOST_KINDS = 400
_MOST_SEEN = 4_000
# A workbook has columns to XFD; a table has them to ZZ at the most.
_LONGEST_LETTERS = 2


class _SeenCell(NamedTuple):
    letters: str
    attributes: str
    is_filled: bool
    is_plain: bool


class ExpectedRows:
    """Rows of one sheet that are like those it has been shown."""

    def __init__(self, forms: CellForms) -> None:
        self._forms = forms
        self._places = ColumnNumbers()
        self._seen: Counter[_SeenCell] = Counter()
        self._expression: RowExpression | None = None
        self._hits = self._misses = 0
        self._enough_misses = _FIRST_MISSES

    def rows(self, block: str, at: int) -> tuple[MatchedRows, int] | None:
        """The rows as expected that begin at a place, and where they end; None without any."""
        # Where most rows are otherwise, asking is a waste of time.
        if self._expression is None or self._misses > self._hits + _FIRST_MISSES:
            return None
        matched, end = self._expression.rows(block, at)
        self._hits += len(matched.rows)
        return (matched, end) if matched.rows else None

    def learn(self, cells: Iterable[WrittenCell]) -> None:
        """Takes note of a row that was not as expected."""
        self._misses += 1
        if len(self._seen) > _MOST_SEEN:
            return
        self._seen.update(
            [
                _SeenCell(letters, attributes, value != "", is_plain_number(value))
                for letters, attributes, value in cells
            ]
        )
        if self._misses >= self._enough_misses:
            self._expect([cell for cell, count in self._seen.items() if count >= _FEWEST_SEEN])

    def _expect(self, cells: Iterable[_SeenCell]) -> None:
        """Expects rows of such cells from now on."""
        self._hits = self._misses = 0
        self._enough_misses *= _MISSES_FACTOR
        kinds = set(filter(None, map(self._kind, cells)))
        # What reads all numbers reads the plain ones too.
        kinds -= {kind._replace(form=AS_WRITTEN) for kind in kinds if kind.form is NUMBER}
        ordered = sorted(kinds, key=lambda kind: kind.place)
        self._expression = RowExpression(ordered) if 0 < len(kinds) <= _MOST_KINDS else None

    def _kind(self, cell: _SeenCell) -> CellKind | None:
        """None of a cell that is too odd to be expected."""
        given = _ATTRIBUTES.fullmatch(cell.attributes)
        if given is None or len(cell.letters) > _LONGEST_LETTERS:
            return None
        style, type_, formula = given.groups("")
        place = self._places[cell.letters]
        if not cell.is_filled:
            return None if formula else CellKind(place, cell.letters, None, type_, None)
        form = self._forms[cell.attributes]
        matters = form.kind == "n" and self._forms.styles_matter
        if form is NUMBER and cell.is_plain:
            form = AS_WRITTEN
        return CellKind(place, cell.letters, style if matters else None, type_, form)
