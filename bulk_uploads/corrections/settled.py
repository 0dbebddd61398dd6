"""Which issues of an upload are closed, and by whom: asked, never stored with the issue."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from bulk_uploads.corrections.line import is_renumbered, root_id_of
from bulk_uploads.models import BulkUpload, Level, RowCorrection, RowIssue, RowOrigin

_ISSUES = 100


@dataclass(frozen=True, slots=True)
class Settling:
    """How many failed rows of an upload another one has settled."""

    by: BulkUpload
    rows: int


def resolution(upload: BulkUpload, value: str = "corrected_by") -> Case:
    """For the upload's issues: the id (or another `value`) of the later upload that took the row.

    None where none has. A warning is of a row that was taken, so nothing is left to resolve.
    """
    settled = RowCorrection.objects.filter(upload_id=root_id_of(upload), row=_root_row(upload))
    return Case(When(level=Level.ERROR, then=Subquery(settled.values(value)[:1])), default=None)


def _root_row(upload: BulkUpload) -> Combinable:
    """The row of the line's first upload that an issue is about."""
    if upload.root_id is None:
        return OuterRef("row")
    origins = RowOrigin.objects.filter(upload=upload, row=OuterRef(OuterRef("row")))
    return Coalesce(Subquery(origins.values("root_row")[:1]), OuterRef("row"))


def _errors(upload: BulkUpload) -> QuerySet[RowIssue]:
    """Errors of rows; one of the header fails no row."""
    errors = RowIssue.objects.filter(upload=upload, level=Level.ERROR)
    return errors.filter(row__gt=upload.header_row).order_by()


def open_failed_rows(
    upload: BulkUpload, *, after: int = 0, among: Collection[int] | None = None, most: int
) -> list[int]:
    """The numbers of the next failed rows that no later upload has settled, in their order."""
    failed = _errors(upload).annotate(resolved_by=resolution(upload)).filter(resolved_by=None)
    if among is not None:
        failed = failed.filter(row__in=among)
    issues = failed.order_by("row").values_list("row", flat=True)
    found: list[int] = []
    while len(found) < most:
        # A row may have several issues. To let the database tell them apart, all would be read.
        part = list(issues.filter(row__gt=after)[: max(most, _ISSUES)])
        found += [row for row in dict.fromkeys(part) if row is not None]
        if len(part) < max(most, _ISSUES):
            break
        after = found[-1]
    return found[:most]


def settlings(upload: BulkUpload) -> list[Settling]:
    """Who has settled failed rows of this upload, and how many each. Two queries."""
    counted = (
        _errors(upload)
        .annotate(resolved_by=resolution(upload))
        .exclude(resolved_by=None)
        .values("resolved_by")
        .annotate(rows=Count("row", distinct=True))
    )
    rows = {found["resolved_by"]: found["rows"] for found in counted}
    by = BulkUpload.objects.filter(account=upload.account_id, pk__in=rows).order_by("pk")
    return [Settling(settler, rows[settler.pk]) for settler in by]


def count_rows_left(upload: BulkUpload) -> int:
    """Rows that failed or were not applied, and that no later upload has settled."""
    left = upload.failed_rows + upload.not_applied_rows
    if not left:
        return 0
    return max(0, left - _settled_by_others(upload).count())


def _settled_by_others(upload: BulkUpload) -> "QuerySet[RowCorrection] | QuerySet[RowOrigin]":
    settled = RowCorrection.objects.filter(upload_id=root_id_of(upload))
    if is_renumbered(upload):
        theirs = settled.filter(row=OuterRef("root_row")).exclude(corrected_by=upload)
        origins = RowOrigin.objects.filter(upload=upload)
        return origins.annotate(by=Subquery(theirs.values("corrected_by")[:1])).exclude(by=None)
    if upload.root_id is None:
        return settled
    # A retry began with all rows that were left then, so whatever was settled later is its own.
    return settled.filter(corrected_by__gt=upload.pk)
