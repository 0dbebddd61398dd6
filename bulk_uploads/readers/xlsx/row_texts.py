"""Turns rows of a sheet, as they are written, into texts by column."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from bulk_uploads.readers.base import Defect, UnreadableFile
from bulk_uploads.readers.xlsx.cells import CellReader, cell_defect
from bulk_uploads.readers.xlsx.forms import (
    AS_WRITTEN,
    INLINE,
    NUMBER,
    SHARED,
    CellForms,
    ColumnNumbers,
    WrittenCell,
)
from bulk_uploads.readers.xlsx.row_expression import ABSENT, Column, MatchedRows
from bulk_uploads.readers.xlsx.strings import unescaped

#: A row's number, its cells, and what is wrong with them.
TextRow = tuple[int, list[str], list[Defect]]


class WrittenRow(NamedTuple):
    """A row as its XML has it."""

    number: int
    cells: Sequence[WrittenCell]

    @property
    def last_number(self) -> int:
        return self.number


SheetRows = WrittenRow | MatchedRows


class RowTexts:
    """Reads the rows of one sheet."""

    def __init__(self, cells: CellReader, forms: CellForms) -> None:
        self._cells = cells
        self._forms = forms
        self._places = ColumnNumbers()

    def rows(self, written: SheetRows, *, width: int) -> Iterator[TextRow]:
        """At least `width` texts for each row. Raises UnreadableFile."""
        if isinstance(written, WrittenRow):
            yield self._one(written, width)
            return
        try:
            rows = self._many(written.columns, written.rows, width)
        except UnreadableFile:
            # Those before the damaged one come first; or they are only too much together.
            for row in written.rows:
                yield from self._many(written.columns, [row], width)
        else:
            yield from rows

    def _one(self, row: WrittenRow, width: int) -> TextRow:
        self._cells.strings.begin_row(row.number)
        cells = [""] * width
        defects: list[Defect] = []
        for letters, attributes, value in row.cells:
            form = self._forms[attributes]
            if value or form.is_formula:
                place = self._places[letters]
                if place >= len(cells):
                    cells += [""] * (place + 1 - len(cells))
                cells[place] = self._cells.text(form, value)
                if defect := cell_defect(form, value, place=place):
                    defects.append(defect)
        return row.number, cells, defects

    def _many(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int
    ) -> list[TextRow]:
        """Column by column, which is quicker than row by row."""
        numbers, *values = zip(*rows, strict=True)
        self._cells.strings.begin_row(int(numbers[0]))
        blanks = [""] * len(rows)
        texts: list[Sequence[str]] = []
        defects: defaultdict[int, list[Defect]] = defaultdict(list)
        for column in columns:
            texts += [blanks] * (column.place - len(texts))
            texts.append(self._texts(column, values, defects))
        texts += [blanks] * max(width - len(texts), 1 - len(texts))
        return [
            (int(number), cells, defects[row])
            for row, (number, *cells) in enumerate(zip(numbers, *texts, strict=True))
        ]

    def _texts(
        self,
        column: Column,
        values: Sequence[Sequence[str]],
        defects: defaultdict[int, list[Defect]],
    ) -> list[str]:
        """A column's texts; what is wrong with them joins the defects of their rows."""
        given = values[column.first]
        match column.forms:
            case (form,) if form is AS_WRITTEN:
                return ["" if value is ABSENT else value for value in given]
            case (form,) if form is NUMBER:
                numbers = self._cells.numbers
                return ["" if value is ABSENT else numbers[value] for value in given]
            case (form,) if form is SHARED:
                return self._shared(given)
            case (form,) if form is INLINE:
                return ["" if value is ABSENT else unescaped(value) for value in given]
        texts = [""] * len(given)
        for form, given in zip(column.forms, values[column.first :], strict=False):
            for row, value in enumerate(given):
                if value is not ABSENT and (value or form.is_formula):
                    texts[row] = self._cells.text(form, value)
                    if defect := cell_defect(form, value, place=column.place):
                        defects[row].append(defect)
        return texts

    def _shared(self, values: Sequence[str]) -> list[str]:
        strings = self._cells.strings
        held = strings.held
        try:
            # The quickest way from many digits to numbers.
            numbers = orjson.loads(f"[{','.join(values)}]")
            return ["" if number is None else held[number] for number in numbers]
        except (IndexError, ValueError):
            return ["" if value is ABSENT else strings.numbered(value) for value in values]
