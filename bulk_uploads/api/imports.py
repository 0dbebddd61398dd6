"""The imports API: the same uploads in the shapes of the documented imports, served on two paths.

Successes carry no envelope; failures do, as everywhere.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, UploadedFile
from ninja.decorators import decorate_view

from bulk_uploads import import_errors, imports
from bulk_uploads.api.body_limit import refusing_large_bodies
from bulk_uploads.api.import_documents import (
    IMPORT_COLUMNS,
    created_document,
    error_document,
    import_document,
)
from bulk_uploads.api.import_ids import upload_id_of
from bulk_uploads.api.import_schemas import CreatedImport, ImportErrors, ImportOut
from bulk_uploads.api.multipart import json_object, media_type
from bulk_uploads.api.refusals import refusals_in_envelopes
from bulk_uploads.api.routes import READING, UPLOADING
from bulk_uploads.engine.reading import read_limits
from bulk_uploads.models import BulkUpload
from platform_api.auth import token_of
from platform_api.encoding import json_response
from platform_api.errors import NotFound
from platform_api.idempotency import idempotent, keep_answer
from platform_api.pagination import Page, paginate
from platform_api.schemas import USUAL_FAILURES, documented

router = Router(tags=["Imports"])


@router.post(
    "/imports",
    auth=UPLOADING,
    response=documented(CreatedImport, status=201, failures=(*USUAL_FAILURES, 409, 411, 413, 415)),
    operation_id="create_import",
)
@decorate_view(refusing_large_bodies)
@idempotent
def create_import(
    request: HttpRequest,
    file: File[UploadedFile],
    format: Form[str | None] = None,
    mapping: Form[str | None] = None,
    update_existing: Form[bool | None] = None,
) -> HttpResponse:
    """Import products from a CSV, XLSX or JSON file.

    `format` is told from the content if left out. `mapping` is a JSON object of the file's columns
    and the fields they become, such as `{"EAN": "ean", "Titre": "title", "Prix": "price"}`.
    Products are matched by EAN, or by SKU where the file has one; with `update_existing` false,
    rows of products that exist are errors.
    """
    token, answers = token_of(request), list[HttpResponse]()

    def answer(upload: BulkUpload, format: str) -> None:
        answers.append(json_response(created_document(upload, format=format), status=201))
        keep_answer(request, answers[0])

    with refusals_in_envelopes():
        imports.create_import(
            account=token.account,
            content=file,
            name=file.name or "",
            content_type=media_type(file),
            limits=read_limits(),
            format=format.strip().lower() if format and not format.isspace() else None,
            mapping=json_object("mapping", mapping, example='{"EAN": "ean"}'),
            update_existing=update_existing,
            token=token,
            on_created=answer,
        )
    return answers[0]


@router.get(
    "/imports/{import_id}",
    auth=READING,
    response=documented(ImportOut),
    operation_id="get_import",
)
def get_import(request: HttpRequest, import_id: str) -> HttpResponse:
    """How far an import is, and when completed what came of it."""
    row = _imports(request, import_id).values(*IMPORT_COLUMNS).first()
    if row is None:
        raise _no_such_import()
    return json_response(import_document(row))


@router.get(
    "/imports/{import_id}/errors",
    auth=READING,
    response=documented(ImportErrors),
    operation_id="list_import_errors",
)
def list_import_errors(request: HttpRequest, import_id: str, page: Query[Page]) -> HttpResponse:
    """The rows that failed, one entry each; of a failed import first why, if no row tells it."""
    upload = _imports(request, import_id).first()
    if upload is None:
        raise _no_such_import()
    rows, meta = paginate(import_errors.failed_rows(upload), page)
    errors = import_errors.errors_of_rows(upload, rows) if rows else []
    if not meta["total"] and (end := import_errors.error_of_end(upload)):
        errors, meta = paginate([end], page)
    body: dict[str, Any] = {"data": [error_document(error) for error in errors], "meta": meta}
    return json_response(body)


def _imports(request: HttpRequest, import_id: str) -> QuerySet[BulkUpload]:
    """The import of the token's account, if there is one of this id."""
    upload_id = upload_id_of(import_id)
    uploads = BulkUpload.objects.for_account(token_of(request).account_id)
    if upload_id is None:
        return uploads.none()
    return uploads.filter(uuid=upload_id, processor_name=imports.imports_processor().name)


def _no_such_import() -> NotFound:
    return NotFound("id", "There is no import with this id")
