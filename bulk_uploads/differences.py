"""What came out otherwise than a preview foretold, row by row of the two ledgers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from bulk_sql import tables
from bulk_uploads.models import BulkUpload, Outcome, Relation, RowDifference

# Two ledgers side by side, each by its primary key.
_DIFFERING = """
SELECT mine.upload_id, mine.row, foretold.key, foretold.outcome, mine.key, mine.outcome
FROM bulk_uploads_rowresult mine LEFT JOIN bulk_uploads_rowresult foretold
ON foretold.upload_id = %s AND foretold.is_dry = %s AND foretold.row = mine.row
WHERE mine.upload_id = %s AND mine.is_dry = %s AND mine.row BETWEEN %s AND %s
AND (foretold.outcome IS DISTINCT FROM mine.outcome OR foretold.key IS DISTINCT FROM mine.key)
ORDER BY mine.row
"""
_NAMED = 3


class Difference(NamedTuple):
    """In the order of the table's columns."""

    upload_id: int
    row: int
    expected_key: str | None
    expected_outcome: int | None
    key: str | None
    outcome: int

    def in_words(self) -> str:
        """ "row 12 (FAN-1): updated expected, would be created"."""
        text = (
            f"row {self.row:,} ({self.key or self.expected_key or 'without a key'}): "
            f"{_word(self.expected_outcome)} expected, would be {_word(self.outcome)}"
        )
        if self.key == self.expected_key:
            return text
        return f"{text} as {self.key or 'nothing'}, not {self.expected_key or 'nothing'}"


class DiffersFromPreview(Exception):
    """A strict upload's batch would come out otherwise than the preview said."""

    def __init__(self, rows: Sequence[Difference]) -> None:
        super().__init__(f"{len(rows)} rows")
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a preview foretold of the rows of an upload that was started from it."""

    upload_id: int
    preview_id: int
    is_strict: bool

    def compare(self, *, is_dry: bool, first_row: int, last_row: int) -> None:
        """Keep which of the rows, noted in this transaction, differ: one query, two if some do.

        Raises DiffersFromPreview instead where the upload is strict. The check pass of an upload
        that is all or nothing (`is_dry`) keeps nothing: its rows come again.
        """
        if is_dry and not self.is_strict:
            return
        among = [self.preview_id, True, self.upload_id, is_dry, first_row, last_row]
        rows = [Difference(*row) for row in tables().select(_DIFFERING, among)]
        if rows and self.is_strict:
            raise DiffersFromPreview(rows)
        keep(rows)


def expectation_of(upload: BulkUpload) -> Expectation | None:
    """None for an upload that was not started from a preview."""
    if not runs_a_preview(upload) or upload.parent_id is None:
        return None
    return Expectation(upload.pk, upload.parent_id, bool(upload.options.get("strict")))


def runs_a_preview(upload: BulkUpload) -> bool:
    """Whether this is the real upload of a dry run's file."""
    return upload.relation == Relation.RUN


def in_words(upload: BulkUpload) -> str:
    """How many rows a preview was wrong about, as part of a message; "" for none."""
    count = differences_of(upload).count() if runs_a_preview(upload) else 0
    if not count:
        return ""
    return f"{count:,} {'row' if count == 1 else 'rows'} came out otherwise than in the preview."


def keep(rows: Sequence[Difference]) -> None:
    if rows:
        tables().insert("bulk_uploads_rowdifference", Difference._fields, rows)


def differences_of(upload: BulkUpload) -> QuerySet[RowDifference]:
    return RowDifference.objects.filter(upload=upload).order_by("row")


def first_in_words(rows: Sequence[Difference]) -> str:
    """The first few of the rows, and how many more there are."""
    more = len(rows) - _NAMED
    texts = "; ".join(row.in_words() for row in rows[:_NAMED])
    return texts + (f"; and {more:,} more of its batch" if more > 0 else "")


def _word(outcome: int | None) -> str:
    return Outcome(outcome).label if outcome is not None else "nothing"
