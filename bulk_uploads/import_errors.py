"""The rows of an import that failed: one entry each, and what failed it as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO, Final, cast

from django.core.files.storage import default_storage
from django.db.models import F, QuerySet

from bulk_uploads.imports import imports_processor
from bulk_uploads.models import BulkUpload, Level, RowIssue, Status
from bulk_uploads.spooled_rows import cells_by_row

#: What a key that is no EAN is called, and all that is said of it.
KEY_CHECK: Final = "validation_error"
KEY_CHECK_MESSAGE: Final = "Invalid EAN format."


@dataclass(frozen=True, slots=True)
class FailedRow:
    """`row` and `ean` are None where it is about the file as a whole."""

    row: int | None
    ean: str | None
    error: str
    message: str


def failed_rows(upload: BulkUpload) -> QuerySet[RowIssue, int | None]:
    """Numbers of the rows with an error, the file as a whole first."""
    errors = RowIssue.objects.filter(upload=upload, level=Level.ERROR)
    return errors.order_by(F("row").asc(nulls_first=True)).values_list("row", flat=True).distinct()


def errors_of_rows(upload: BulkUpload, rows: Sequence[int | None]) -> list[FailedRow]:
    """One entry for each of these rows. Takes one query, and reads the rows from the spool."""
    numbers = [row for row in rows if row is not None]
    errors = RowIssue.objects.filter(upload=upload, level=Level.ERROR)
    wanted = errors.filter(row__in=numbers)
    if None in rows:
        wanted |= errors.filter(row=None)
    issues = wanted.order_by(F("row").asc(nulls_first=True), "id")
    keys = _keys(upload, numbers)
    return [
        _entry(row, keys.get(row) if row else None, list(found))
        for row, found in groupby(issues, key=lambda issue: issue.row)
    ]


def error_of_end(upload: BulkUpload) -> FailedRow | None:
    """Why an import failed that has no issue to say so: unreadable, cancelled, stuck."""
    if upload.status != Status.FAILURE:
        return None
    output = upload.output or {}
    return FailedRow(None, None, str(output.get("code", "")), str(output.get("message", "")))


def _entry(row: int | None, key: str | None, issues: Sequence[RowIssue]) -> FailedRow:
    messages = [KEY_CHECK_MESSAGE if issue.code == KEY_CHECK else issue.message for issue in issues]
    return FailedRow(row, key, issues[0].code, " ".join(messages))


def _keys(upload: BulkUpload, rows: Sequence[int]) -> dict[int, str | None]:
    """What each row gives as its key, as the file has it; None where that is blank."""
    if not rows or not upload.spool_path or not upload.header:
        return {}
    columns = imports_processor().key_columns(header=upload.header, options=upload.options)
    try:
        with default_storage.open(upload.spool_path, "rb") as spool:
            found = cells_by_row(cast(BinaryIO, spool.file), rows)
    except FileNotFoundError:
        return {}
    return {row: _first_filled(cells, columns) for row, cells in found.items()}


def _first_filled(cells: Sequence[str], columns: Sequence[int]) -> str | None:
    texts = (cells[column].strip() for column in columns if column < len(cells))
    return next((text for text in texts if text), None)
