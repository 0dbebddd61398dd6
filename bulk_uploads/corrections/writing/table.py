"""A correction file as a table, whatever format it is written in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from bulk_uploads.corrections.failed_rows import FailedRow
from bulk_uploads.corrections.layout import NumberCell
from bulk_uploads.corrections.shown_rows import HINT, marks_of


@dataclass(frozen=True, slots=True)
class CorrectionTable:
    """`header` is the uploader's own; behind it come the errors and the rows' numbers."""

    header: Sequence[str]
    errors_header: str
    number_header: str
    rows: Iterator[FailedRow]

    @property
    def full_header(self) -> list[str]:
        return [*self.header, self.errors_header, self.number_header]

    def own_cells(self, row: FailedRow) -> list[str]:
        """As wide as the header: what stood beyond it is named by the row's message."""
        return row.cells[: len(self.header)]

    def number_cell(self, row: FailedRow) -> NumberCell:
        if not row.to_change:
            return NumberCell(row.root_row)
        cells = dict(zip(self.header, self.own_cells(row), strict=True))
        return NumberCell(row.root_row, marks_of(self.header, cells, row.to_change))


class TableWriter(Protocol):
    """Writes one format."""

    @property
    def content_type(self) -> str: ...

    @property
    def ending(self) -> str:
        """Of the file's name, with its dot."""

    def write(self, table: CorrectionTable, target: BinaryIO) -> None: ...


_LEANT_ON = "Nothing is wrong here: another row of this product needs this one. Leave it in."


def messages(row: FailedRow) -> str:
    found = [*map(str, row.problems), *([HINT] if row.to_change else [])]
    return " ".join(found) or _LEANT_ON
