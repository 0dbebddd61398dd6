"""What an upload's own row says of it once it ends, beside how it ended."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage

from bulk_uploads.differences import differences_of, runs_a_preview
from bulk_uploads.models import BulkUpload, Phase
from bulk_uploads.processors import Plan
from bulk_uploads.spool import SpoolReader
from jobs import clock

_FIRST_ROWS = 5


def final_counts(upload: BulkUpload) -> dict[str, int]:
    """What ends an upload leaves no row uncounted; a check's outcomes are not effects."""
    if upload.phase != Phase.CHECKING:
        return {"not_applied_rows": upload.total_rows - upload.done_rows}
    counts = dict.fromkeys(("created_rows", "updated_rows", "unchanged_rows", "merged_rows"), 0)
    return {**counts, "not_applied_rows": upload.total_rows - upload.failed_rows}


def added_to_output(upload: BulkUpload, plan: Plan | None) -> dict[str, Any]:
    """What the processor says, and in how many rows a preview was wrong."""
    added = dict(_summary(upload, plan))
    if runs_a_preview(upload):
        added["differences"] = differences_of(upload).count()
    return added


def _summary(upload: BulkUpload, plan: Plan | None) -> Mapping[str, Any]:
    if plan is None or not upload.spool_path:
        return {}
    with default_storage.open(upload.spool_path, "rb") as spool:
        first = SpoolReader(cast(BinaryIO, spool.file)).read_batch(_FIRST_ROWS)
    return plan.summary([row.cells() for row in first])


def speed(upload: BulkUpload) -> dict[str, int]:
    if upload.started_at is None or not upload.done_rows:
        return {}
    seconds = max((clock.now() - upload.started_at).total_seconds(), 0.001)
    return {"rows_per_second": round(upload.done_rows / seconds)}
