"""Going on with the rows that an upload left: its correction file, and a retry."""

import uuid
from typing import Final

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse

from bulk_uploads.api.refusals import refusals_in_envelopes
from bulk_uploads.api.routes import READING, UPLOADING, router
from bulk_uploads.api.schemas import BulkUploadOut
from bulk_uploads.api.uploads import find_upload, kept_answer
from bulk_uploads.corrections.correction_file import correction_file
from bulk_uploads.corrections.retries import retry_upload
from bulk_uploads.downloads import BYTES, attachment
from platform_api.auth import token_of
from platform_api.idempotency import idempotent
from platform_api.schemas import USUAL_FAILURES, Failure, Success, documented

_FILE: Final = {"responses": {200: {"description": "OK", "content": BYTES}}}


@router.get(
    "/bulk_uploads/{uuid:upload_id}/correction_file",
    auth=READING,
    response=dict.fromkeys((*USUAL_FAILURES, 409), Failure),
    operation_id="get_bulk_upload_correction_file",
    openapi_extra=_FILE,
)
def get_correction_file(request: HttpRequest, upload_id: uuid.UUID) -> FileResponse:
    """The rows that failed, in the format and columns of the file, with what is wrong with each.

    Corrected and uploaded again as any file, it becomes a child upload; rows that then pass close
    the issues of this one. Rows that a later upload has taken by now are left out.
    """
    with refusals_in_envelopes():
        made = correction_file(find_upload(request, upload_id))
    return attachment(made.content, name=made.name, content_type=made.content_type)


@router.post(
    "/bulk_uploads/{uuid:upload_id}/retry",
    auth=UPLOADING,
    response=documented(Success[BulkUploadOut], status=201, failures=(*USUAL_FAILURES, 409)),
    operation_id="retry_bulk_upload",
)
@idempotent
def retry_bulk_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """A new upload of the rows that failed or were not applied, with the same options.

    Rows keep their numbers. What speaks of a file as a whole (`absent`, `replace`) is left out.
    """
    with refusals_in_envelopes(), transaction.atomic():
        child = retry_upload(upload=find_upload(request, upload_id), token=token_of(request))
        return kept_answer(request, child, status=201)
