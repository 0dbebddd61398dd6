"""Doing something with uploads: creating one, cancelling it, running a dry run for real."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Body, File, Form, UploadedFile
from ninja.decorators import decorate_view

from bulk_uploads import services
from bulk_uploads.api.body_limit import refusing_large_bodies
from bulk_uploads.api.multipart import json_object, media_type
from bulk_uploads.api.refusals import refusals_in_envelopes
from bulk_uploads.api.routes import UPLOADING, router
from bulk_uploads.api.schemas import BulkUploadOut, RunIn
from bulk_uploads.api.uploads import find_upload, kept_answer
from platform_api.auth import token_of
from platform_api.idempotency import idempotent
from platform_api.schemas import USUAL_FAILURES, Success, documented


@router.post(
    "/bulk_uploads",
    auth=UPLOADING,
    response=documented(
        Success[BulkUploadOut], status=201, failures=(*USUAL_FAILURES, 409, 411, 413, 415)
    ),
    operation_id="create_bulk_upload",
)
@decorate_view(refusing_large_bodies)
@idempotent
def create_bulk_upload(
    request: HttpRequest,
    processor_name: Form[str],
    file: File[UploadedFile],
    options: Form[str | None] = None,
) -> HttpResponse:
    """Give a file to a processor. `options` is a JSON object.

    Its names: `dry_run`, `update_existing`, `on_error` (`skip_rows` or `abort`), `blank_cells`
    (`keep` or `clear`), `decimal_comma`, `absent` (`keep` or `deactivate`: what the file does not
    name), `absent_share` (percent), `mapping` (file columns to fields, or a saved mapping's name),
    `layout` (`none`: a file of another shop system is not recognised), `sheet` (of a workbook),
    `mode` (`set` or `adjust` stock), `replace` (the file is a courier's whole list); of images
    `recipe`, `pilot` (SKUs that go first), `variants` and `image_cap` (see image batches).
    """
    token, answers = token_of(request), list[HttpResponse]()
    with refusals_in_envelopes():
        services.create_upload(
            account=token.account,
            content=file,
            name=file.name or "",
            content_type=media_type(file),
            processor_name=processor_name,
            options=json_object("options", options, example='{"dry_run": true}'),
            token=token,
            on_created=lambda upload: answers.append(kept_answer(request, upload, status=201)),
        )
    return answers[0]


@router.post(
    "/bulk_uploads/{uuid:upload_id}/cancel",
    auth=UPLOADING,
    response=documented(Success[BulkUploadOut], failures=(*USUAL_FAILURES, 409)),
    operation_id="cancel_bulk_upload",
)
@idempotent
def cancel_bulk_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Stop an upload after its current batch. What was applied stays."""
    with refusals_in_envelopes(), transaction.atomic():
        upload = find_upload(request, upload_id)
        services.cancel_upload(upload=upload)
        return kept_answer(request, upload)


@router.post(
    "/bulk_uploads/{uuid:upload_id}/run",
    auth=UPLOADING,
    response=documented(Success[BulkUploadOut], status=201, failures=(*USUAL_FAILURES, 409)),
    operation_id="run_bulk_upload",
)
@idempotent
def run_bulk_upload(
    request: HttpRequest, upload_id: uuid.UUID, how: Body[RunIn | None] = None
) -> HttpResponse:
    """The real upload of a dry run's file, with the same options.

    `GET /bulk_uploads/{id}/differences` then lists what came out otherwise than in the dry run;
    with `strict` it stops before the first batch that would.
    """
    with refusals_in_envelopes(), transaction.atomic():
        upload = services.run_dry_run(
            upload=find_upload(request, upload_id),
            strict=how is not None and how.strict,
            token=token_of(request),
        )
        return kept_answer(request, upload, status=201)
