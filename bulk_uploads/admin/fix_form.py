"""The form in which the cells of failed rows are fixed: as many rows at a time as a post holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bulk_uploads.corrections.failed_rows import FailedRow, failed_rows
from bulk_uploads.corrections.settled import open_failed_rows
from bulk_uploads.models import BulkUpload

#: Below what Django accepts of fields (DATA_UPLOAD_MAX_NUMBER_FIELDS) and bytes of one post.
_MOST_FIELDS = 2_000
_MOST_BYTES = 1_000_000
_MOST_ROWS = 20
_LONGEST_EDITABLE = 20_000
_LONG = 60
_NAME = re.compile(r"(?P<row>\d{1,9})-(?P<place>\d{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cell:
    """`name` is the field's in the form; `messages` are what is wrong with it."""

    name: str
    column: str
    value: str
    messages: Sequence[str]

    @property
    def is_long(self) -> bool:
        return len(self.value) > _LONG or "\n" in self.value

    @property
    def is_editable(self) -> bool:
        return len(self.value) <= _LONGEST_EDITABLE

    @property
    def lines(self) -> int:
        return max(2, min(12, self.value.count("\n") + len(self.value) // 80 + 1))


@dataclass(frozen=True, slots=True)
class RowToFix:
    """`offending` cells stand first; `messages` are of the row as a whole."""

    number: int
    title: str
    messages: Sequence[str]
    offending: Sequence[Cell]
    others: Sequence[Cell]

    @property
    def field_count(self) -> int:
        return len(self.offending) + len(self.others)

    @property
    def byte_size(self) -> int:
        cells = (*self.offending, *self.others)
        return sum(len(cell.value.encode()) + 200 for cell in cells if cell.is_editable)


@dataclass(frozen=True, slots=True)
class FixPage:
    """`next_row`: open rows from there on did not fit; None for the last page."""

    rows: Sequence[RowToFix]
    next_row: int | None


def fix_page(upload: BulkUpload, *, from_row: int) -> FixPage:
    """The failed rows from this number on that are still open."""
    numbers = open_failed_rows(upload, after=max(0, from_row - 1), most=_MOST_ROWS + 1)
    wanted = set(numbers)
    found = failed_rows(upload, numbers=numbers)
    rows = [_row(upload, row) for row in found if row.number in wanted]
    fitting = list(_fitting(rows[:_MOST_ROWS]))
    more = rows[len(fitting) :]
    return FixPage(fitting, more[0].number if more else None)


def _fitting(rows: Sequence[RowToFix]) -> Iterator[RowToFix]:
    """As many as one post may hold, but one at least."""
    fields = size = 0
    for at, row in enumerate(rows):
        fields, size = fields + row.field_count, size + row.byte_size
        if at and (fields > _MOST_FIELDS or size > _MOST_BYTES):
            return
        yield row


def _row(upload: BulkUpload, row: FailedRow) -> RowToFix:
    header = upload.own_header
    cells = [
        Cell(
            name=f"{row.number}-{at}",
            column=column or f"Column {at + 1}",
            value=row.cells[at],
            messages=[problem.message for problem in row.problems if problem.place == at],
        )
        for at, column in enumerate(header)
    ]
    return RowToFix(
        number=row.number,
        title=_title(cells),
        messages=[str(problem) for problem in row.problems if problem.place is None],
        offending=[cell for cell in cells if cell.messages],
        others=[cell for cell in cells if not cell.messages],
    )


def _title(cells: Sequence[Cell]) -> str:
    """What a person knows the row by: its first two cells that say something."""
    said = [cell.value.strip() for cell in cells if cell.value.strip()]
    return " · ".join(text if len(text) <= _LONG else f"{text[:_LONG]}…" for text in said[:2])


def changes_in(posted: Mapping[str, str]) -> dict[int, dict[int, str]]:
    """New cells by row number and place. Browsers send line ends their own way."""
    changes: dict[int, dict[int, str]] = {}
    for name, text in posted.items():
        if found := _NAME.fullmatch(name):
            plain = text.replace("\r\n", "\n").replace("\r", "\n")
            changes.setdefault(int(found["row"]), {})[int(found["place"])] = plain
    return changes
