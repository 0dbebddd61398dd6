"""Imports and their errors as the imports API shows them: plain documents without an envelope."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bulk_uploads.api.import_ids import import_id
from bulk_uploads.import_errors import FailedRow
from bulk_uploads.models import BulkUpload, Status

Document = dict[str, Any]
#: What the document of an import is made of.
IMPORT_COLUMNS: Final = (
    "uuid",
    "status",
    "total_rows",
    "created_rows",
    "updated_rows",
    "unchanged_rows",
    "merged_rows",
    "failed_rows",
    "created_at",
    "ended_at",
)
_STATUS: Final = {
    Status.DRAFT: "pending",
    Status.IN_PROGRESS: "processing",
    Status.SUCCESS: "completed",
    Status.FAILURE: "failed",
}


def created_document(upload: BulkUpload, *, format: str) -> Document:
    return {
        "id": import_id(upload.uuid),
        "status": _STATUS[Status(upload.status)],
        "format": format,
        "total_rows": upload.total_rows,
        "created_at": whole_seconds(upload.created_at),
    }


def import_document(row: Mapping[str, Any]) -> Document:
    """Every processed row is created, updated or an error: who was right already counts as updated.

    So does a row that only adds to another one's product.
    """
    updated = row["updated_rows"] + row["unchanged_rows"] + row["merged_rows"]
    return {
        "id": import_id(row["uuid"]),
        "status": _status(row),
        "total_rows": row["total_rows"],
        "processed_rows": row["created_rows"] + updated + row["failed_rows"],
        "created_rows": row["created_rows"],
        "updated_rows": updated,
        "unchanged_rows": row["unchanged_rows"],
        "error_rows": row["failed_rows"],
        "created_at": whole_seconds(row["created_at"]),
        "completed_at": whole_seconds(row["ended_at"]),
    }


def error_document(error: FailedRow) -> Document:
    return {
        "row": error.row,
        "ean": error.ean,
        "error": error.error,
        "message": error.message,
    }


def whole_seconds(moment: datetime | None) -> str | None:
    """`2024-03-15T09:00:00Z`: here without milliseconds, which are cut off."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='seconds')}Z"


def _status(row: Mapping[str, Any]) -> str:
    if row["status"] == Status.SUCCESS and row["failed_rows"]:
        return "completed_with_errors"
    return _STATUS[Status(row["status"])]
