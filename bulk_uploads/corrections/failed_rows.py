"""The rows of an upload that failed and are still to be corrected, and what is wrong with each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bulk_uploads.corrections.line import root_rows
from bulk_uploads.corrections.own_rows import OwnRow, selected_rows
from bulk_uploads.corrections.settled import open_failed_rows
from bulk_uploads.corrections.shown_rows import places_to_change
from bulk_uploads.models import BulkUpload, Level, RowIssue

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RowProblem:
    """`place` is the column it is about, from 0; None where that is none of the uploader's."""

    column: str
    place: int | None
    message: str
    code: str

    def __str__(self) -> str:
        return f"{self.column}: {self.message}" if self.column else self.message


@dataclass(frozen=True, slots=True)
class FailedRow:
    """`cells` are at least as many as the header's; `root_row` is its number in the first file.

    Without problems it has not failed: it is there because a failed row leans on it.
    `to_change` are places of cells that do not show what stood in them, None for the row.
    """

    number: int
    root_row: int
    cells: list[str]
    problems: Sequence[RowProblem]
    to_change: frozenset[int | None] = frozenset()


def failed_rows(upload: BulkUpload, *, numbers: Sequence[int] | None = None) -> Iterator[FailedRow]:
    """In the order of the file, a part at a time; by default all that are still open.

    `numbers` are ascending row numbers, open or not.
    """
    wanted = _open_numbers(upload) if numbers is None else numbers
    rows = selected_rows(upload, wanted)
    while part := list(islice(rows, _AT_ONCE)):
        yield from _read(upload, part)


def _open_numbers(upload: BulkUpload) -> Iterator[int]:
    last = 0
    while part := open_failed_rows(upload, after=last, most=_AT_ONCE):
        yield from part
        last = part[-1]


def _read(upload: BulkUpload, rows: Sequence[OwnRow]) -> Iterator[FailedRow]:
    numbers = [number for number, _ in rows]
    problems = _problems(upload, numbers)
    roots, width = root_rows(upload.pk, numbers), len(upload.own_header)
    for number, cells in rows:
        wrong = problems.get(number, ())
        to_change = places_to_change(
            [(problem.place, problem.code) for problem in wrong], has_more_cells=len(cells) > width
        )
        yield FailedRow(number, roots[number], cells, wrong, to_change)


def _problems(upload: BulkUpload, numbers: Sequence[int]) -> Mapping[int, list[RowProblem]]:
    places = {name: at for at, name in reversed(list(enumerate(upload.own_header)))}
    found: dict[int, list[RowProblem]] = {}
    issues = RowIssue.objects.filter(upload=upload, level=Level.ERROR, row__in=numbers)
    for row, column, message, code in issues.order_by("row", "id").values_list(
        "row", "column", "message", "code"
    ):
        if row is not None:
            problem = RowProblem(column, places.get(column), message, code)
            found.setdefault(row, []).append(problem)
    return found
