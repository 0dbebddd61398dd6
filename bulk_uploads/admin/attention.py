"""Which ended uploads still want somebody: what was undone or put right since is off the list."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bulk_uploads.models import BulkUpload, RowCorrection, Status


def troubled(uploads: QuerySet[BulkUpload], *, since: datetime) -> QuerySet[BulkUpload]:
    """Real uploads that failed or left failed rows, the first of each line standing for all.

    Each knows how many rows its line has `lost`, and how many of them were taken since
    (`settled`).
    """
    ended = uploads.filter(ended_at__gte=since, is_dry_run=False)
    found = ended.filter(Q(status=Status.FAILURE) | Q(failed_rows__gt=0))
    # What an all-or-nothing upload took back by itself has still failed.
    found = found.exclude(undo__status=Status.SUCCESS, undo__is_automatic=False)
    found = found.exclude(root__ended_at__gte=since)
    return (
        found.annotate(
            lost=Coalesce(
                F("root__failed_rows") + F("root__not_applied_rows"),
                F("failed_rows") + F("not_applied_rows"),
            ),
            settled=Coalesce(Subquery(_taken_since()), 0),
            was_taken_anew=Exists(_of_the_same_file()),
        )
        .filter(Q(lost=0) | Q(settled__lt=F("lost")))
        .exclude(status=Status.FAILURE, was_taken_anew=True)
    )


def _taken_since() -> QuerySet[RowCorrection, Any]:
    line = Coalesce(OuterRef("root_id"), OuterRef("pk"))
    of_line = RowCorrection.objects.filter(upload_id=line).order_by()
    return of_line.values("upload_id").annotate(rows=Count("row")).values("rows")


def _of_the_same_file() -> QuerySet[BulkUpload]:
    """A later upload of it with other columns or options; a retry is none."""
    return BulkUpload.objects.filter(
        file=OuterRef("file"),
        pk__gt=OuterRef("pk"),
        status=Status.SUCCESS,
        is_dry_run=False,
        root=None,
    )
