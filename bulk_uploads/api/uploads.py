"""Looking at uploads: the list, one of them, its issues, and what became of its rows."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from bulk_uploads import differences, ledger
from bulk_uploads.api.documents import (
    DIFFERENCE_COLUMNS,
    ISSUE_COLUMNS,
    RESULT_COLUMNS,
    UPLOAD_COLUMNS,
    Document,
    difference_document,
    issue_document,
    preview_document,
    result_document,
    upload_document,
)
from bulk_uploads.api.routes import READING, router
from bulk_uploads.api.schemas import (
    BulkUploadOut,
    PreviewOut,
    RowDifferenceOut,
    RowIssueOut,
    RowResultOut,
)
from bulk_uploads.corrections.settled import resolution
from bulk_uploads.downloads import download_url
from bulk_uploads.foretelling import foretold
from bulk_uploads.models import BulkUpload, Status
from bulk_uploads.previews import notes_of
from platform_api.auth import token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.idempotency import keep_answer
from platform_api.pagination import Page, paginate
from platform_api.parameters import Text
from platform_api.schemas import Listing, Success, documented


class UploadQuery(Schema):
    status: Status | None = None
    processor_name: Text | None = Field(None, examples=["catalog_csv_upload_processor"])


class IssueQuery(Schema):
    resolved: bool | None = Field(None, description="Only issues closed by a later upload, or not.")


@router.get(
    "/bulk_uploads",
    auth=READING,
    response=documented(Listing[BulkUploadOut]),
    operation_id="list_bulk_uploads",
)
def list_bulk_uploads(
    request: HttpRequest, wanted: Query[UploadQuery], page: Query[Page]
) -> HttpResponse:
    """Uploads, newest first."""
    uploads = uploads_of(request).filter(**wanted.dict(exclude_none=True)).order_by("-id")
    rows, meta = paginate(uploads.values(*UPLOAD_COLUMNS), page)
    return success([_document(request, row) for row in rows], meta=meta)


@router.get(
    "/bulk_uploads/{uuid:upload_id}",
    auth=READING,
    response=documented(Success[BulkUploadOut]),
    operation_id="get_bulk_upload",
)
def get_bulk_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """One upload: its status, how far it is, and when ended what came of it."""
    return answer_with(request, upload_id)


@router.get(
    "/bulk_uploads/{uuid:upload_id}/issues",
    auth=READING,
    response=documented(Listing[RowIssueOut]),
    operation_id="list_bulk_upload_issues",
)
def list_issues(
    request: HttpRequest, upload_id: uuid.UUID, wanted: Query[IssueQuery], page: Query[Page]
) -> HttpResponse:
    """What is wrong with which cell, in the order of the file; about the file as a whole first.

    `resolved_by` is the later upload that took the row: a correction, a fix or a retry.
    """
    upload = find_upload(request, upload_id)
    issues = ledger.visible_issues(upload).annotate(
        resolved_by=resolution(upload, "corrected_by__uuid")
    )
    if wanted.resolved is not None:
        issues = issues.filter(resolved_by__isnull=not wanted.resolved)
    rows, meta = paginate(issues.values(*ISSUE_COLUMNS), page)
    return success([issue_document(row) for row in rows], meta=meta)


@router.get(
    "/bulk_uploads/{uuid:upload_id}/rows",
    auth=READING,
    response=documented(Listing[RowResultOut]),
    operation_id="list_bulk_upload_rows",
)
def list_rows(request: HttpRequest, upload_id: uuid.UUID, page: Query[Page]) -> HttpResponse:
    """What became of each row, in the order of the file."""
    results = ledger.visible(find_upload(request, upload_id))
    rows, meta = paginate(results.values(*RESULT_COLUMNS), page)
    return success([result_document(row) for row in rows], meta=meta)


@router.get(
    "/bulk_uploads/{uuid:upload_id}/differences",
    auth=READING,
    response=documented(Listing[RowDifferenceOut]),
    operation_id="list_bulk_upload_differences",
)
def list_differences(request: HttpRequest, upload_id: uuid.UUID, page: Query[Page]) -> HttpResponse:
    """Rows that came out otherwise than in the dry run which the upload was started from.

    Of a strict upload that stopped for them: the rows of the batch that was not written.
    """
    found = differences.differences_of(find_upload(request, upload_id))
    rows, meta = paginate(found.values(*DIFFERENCE_COLUMNS), page)
    return success([difference_document(row) for row in rows], meta=meta)


@router.get(
    "/bulk_uploads/{uuid:upload_id}/preview",
    auth=READING,
    response=documented(Success[PreviewOut]),
    operation_id="get_bulk_upload_preview",
)
def get_preview(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """What a dry run found that would change: fields, a sample of rows, prices that jump."""
    upload = find_upload(request, upload_id)
    if not upload.is_dry_run:
        raise NotFound("id", "This bulk upload is no dry run, so there is no preview of it")
    notes = notes_of(upload)
    return success(preview_document(notes, foretold(upload, notes) if upload.has_ended else {}))


def uploads_of(request: HttpRequest) -> QuerySet[BulkUpload]:
    """Those of the token's account."""
    return BulkUpload.objects.for_account(token_of(request).account_id)


def find_upload(request: HttpRequest, upload_id: uuid.UUID) -> BulkUpload:
    """Raises NotFound, also for an upload of another account."""
    upload = uploads_of(request).filter(uuid=upload_id).select_related("file", "account").first()
    if upload is None:
        raise _no_such_upload()
    return upload


def answer_with(request: HttpRequest, upload_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    """The upload as it now is. Raises NotFound."""
    row = uploads_of(request).filter(uuid=upload_id).values(*UPLOAD_COLUMNS).first()
    if row is None:
        raise _no_such_upload()
    return success(_document(request, row), status=status)


def kept_answer(request: HttpRequest, upload: BulkUpload, *, status: int = 200) -> HttpResponse:
    """The same for who asks again under its idempotency key.

    Called in the transaction of what was asked for: however the process ends, either both are
    there or neither is.
    """
    answer = answer_with(request, upload.uuid, status=status)
    keep_answer(request, answer)
    return answer


def _document(request: HttpRequest, row: Mapping[str, Any]) -> Document:
    return upload_document(row, file_url=download_url(request, key=row["file__key"]))


def _no_such_upload() -> NotFound:
    return NotFound("id", "There is no bulk upload with this id")
