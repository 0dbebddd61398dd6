"""Taking an upload back, and what of it was kept because something has happened to it since."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query

from bulk_uploads.api.documents import KEPT_COLUMNS, kept_document
from bulk_uploads.api.refusals import refusals_in_envelopes
from bulk_uploads.api.routes import READING, UPLOADING, router
from bulk_uploads.api.schemas import BulkUploadOut, KeptOut
from bulk_uploads.api.uploads import find_upload, kept_answer
from bulk_uploads.models import UndoKept
from bulk_uploads.undoing import request_undo
from platform_api.auth import token_of
from platform_api.envelope import success
from platform_api.idempotency import idempotent
from platform_api.pagination import Page, paginate
from platform_api.schemas import USUAL_FAILURES, Listing, Success, documented


@router.post(
    "/bulk_uploads/{uuid:upload_id}/undo",
    auth=UPLOADING,
    response=documented(Success[BulkUploadOut], status=202, failures=(*USUAL_FAILURES, 409)),
    operation_id="undo_bulk_upload",
)
@idempotent
def undo_bulk_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Take an ended upload back, where nobody has touched what it wrote since.

    A job does it: `extradata.undo` says how far it is. Asked for again, nothing is undone twice:
    one that was given up goes on where it stopped.
    """
    with refusals_in_envelopes(), transaction.atomic():
        upload = find_upload(request, upload_id)
        request_undo(upload=upload, token=token_of(request))
        return kept_answer(request, upload, status=202)


@router.get(
    "/bulk_uploads/{uuid:upload_id}/undo/kept",
    auth=READING,
    response=documented(Listing[KeptOut]),
    operation_id="list_bulk_upload_undo_kept",
)
def list_kept(request: HttpRequest, upload_id: uuid.UUID, page: Query[Page]) -> HttpResponse:
    """What the undo left as it is, and why, in the order in which it was come upon."""
    kept = UndoKept.objects.filter(undo__upload=find_upload(request, upload_id)).order_by("id")
    rows, meta = paginate(kept.values(*KEPT_COLUMNS), page)
    return success([kept_document(row) for row in rows], meta=meta)
