"""Writing and reading the row ledger and the issues beside it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import F, Q, QuerySet

from bulk_sql import tables
from bulk_uploads.models import BulkUpload, Level, Outcome, RowIssue, RowResult
from bulk_uploads.processors import BatchResult, Issue

_LONGEST = 300


class KeyHeldByEarlierRow(Exception):
    """The batch repeats a key of an earlier batch: it must be judged with the ledger at hand."""


class LedgerOfPass:
    """The rows of one upload and pass, as `processors.EarlierRows`."""

    def __init__(self, *, upload_id: int, is_dry: bool, is_exact: bool) -> None:
        self._upload_id = upload_id
        self._is_dry = is_dry
        self._is_exact = is_exact

    @property
    def is_exact(self) -> bool:
        return self._is_exact

    def holding(self, keys: Collection[str]) -> Mapping[str, int]:
        return dict(self._find("key, row", keys)) if keys else {}

    def accepted(self, keys: Collection[str]) -> Collection[str]:
        if not keys:
            return ()
        return {
            key for key, outcome in self._find("key, outcome", keys) if outcome != Outcome.FAILED
        }

    def _find(self, columns: str, keys: Collection[str]) -> Sequence[tuple[Any, ...]]:
        ways = tables()
        return ways.select(
            f"SELECT {columns} FROM bulk_uploads_rowresult "  # noqa: S608 - our own names
            f"WHERE upload_id = %s AND is_dry = %s AND key {ways.in_list}",
            [self._upload_id, self._is_dry, ways.among(keys)],
        )


def record(*, upload_id: int, is_dry: bool, result: BatchResult) -> None:
    """Append a batch's outcomes and issues.

    Raises KeyHeldByEarlierRow where the ledger already holds one of the keys.
    """
    ways = tables()
    dry = ways.truth(is_dry)
    try:
        ways.insert(
            "bulk_uploads_rowresult",
            ("upload_id", "is_dry", "row", "key", "outcome", "object_id"),
            (
                (upload_id, dry, row, key, int(outcome), object_id)
                for row, key, outcome, object_id in result.outcomes
            ),
        )
    except IntegrityError as error:
        raise KeyHeldByEarlierRow from error
    record_issues(upload_id=upload_id, is_dry=is_dry, issues=result.issues)


def record_issues(*, upload_id: int, is_dry: bool, issues: Sequence[Issue]) -> None:
    if not issues:
        return
    tables().insert(
        "bulk_uploads_rowissue",
        ("upload_id", "is_dry", "row", "column", "value", "level", "code", "message"),
        [
            (
                upload_id,
                is_dry,
                issue.row,
                issue.column[:_LONGEST],
                issue.value[:_LONGEST],
                issue.level.value,
                issue.code,
                issue.message,
            )
            for issue in issues
        ],
    )


def drop_dry_rows(*, upload_id: int, up_to_row: int) -> None:
    """What the check pass noted of these rows is replaced by what the apply pass does to them."""
    dry = Q(upload_id=upload_id, is_dry=True, row__lte=up_to_row)
    RowResult.objects.filter(dry)._raw_delete("default")
    RowIssue.objects.filter(dry)._raw_delete("default")


def forget_outcomes(*, upload_id: int, limit: int) -> bool:
    """Of an upload whose effects were taken back, what came of its rows; failures stay.

    At most `limit` rows at once; False when none are left.
    """
    rows = RowResult.objects.filter(upload_id=upload_id, is_dry=False)
    gone = rows.exclude(outcome=Outcome.FAILED).order_by("row").values_list("row", flat=True)
    last = list(gone[:limit])[-1:]
    if last:
        gone.order_by().filter(row__lte=last[0])._raw_delete("default")
    return bool(last)


def visible(upload: BulkUpload) -> QuerySet[RowResult]:
    """The ledger as people see it: a check pass that stopped the upload shows what failed."""
    rows = RowResult.objects.filter(upload=upload).order_by("row")
    if upload.is_dry_run:
        return rows
    return rows.filter(Q(is_dry=False) | Q(outcome=Outcome.FAILED))


def visible_issues(upload: BulkUpload) -> QuerySet[RowIssue]:
    # What is about the file as a whole comes first, also where the database sorts it last.
    return RowIssue.objects.filter(upload=upload).order_by(F("row").asc(nulls_first=True), "id")


def count_file_warnings(upload: BulkUpload) -> int:
    """Warnings that are about no data row."""
    of_file = Q(row=None) | Q(row__lte=upload.header_row)
    return RowIssue.objects.filter(of_file, upload=upload, level=Level.WARNING).count()


def count_warnings(issues: Sequence[Issue]) -> int:
    return sum(1 for issue in issues if issue.level is Level.WARNING)
