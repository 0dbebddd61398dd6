"""`/bulk_uploads/{id}/manifest`: what became of an upload's images, as JSON Lines."""

import uuid
from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from accounts.access import accounts_for
from accounts.models import Account, User
from accounts.scopes import Scope
from bulk_uploads.downloads import Reach
from bulk_uploads.models import BulkUpload
from imagery.api.images import addresses as content_addresses
from imagery.batches.manifest import (
    Addresses,
    Line,
    ManifestNotFinished,
    manifest_lines,
    require_finished,
)
from imagery.renditions.addresses import rendition_path
from platform_api.auth import BearerAuth
from platform_api.encoding import encode
from platform_api.errors import Conflict, Forbidden, NotFound
from platform_api.schemas import USUAL_FAILURES, Failure

PERMISSION: Final = "imagery.view_imagejob"
CONTENT_TYPE: Final = "application/jsonl"
_SCOPES: Final = (Scope.READ, Scope.UPLOADS, Scope.IMAGERY)
_DOCUMENT: Final = {
    "responses": {
        200: {
            "description": "One line a row",
            "content": {CONTENT_TYPE: {"schema": {"type": "string"}}},
        }
    }
}


class ManifestReaderAuth(BearerAuth):
    """Whoever may upload or order images may see what became of them; or, without a token, the
    session of somebody who may see the jobs."""

    def __call__(self, request: HttpRequest) -> Reach:  # type: ignore[override]
        user = request.user
        if "Authorization" not in request.headers and isinstance(user, User) and user.is_staff:
            return Reach(accounts_for(user, PERMISSION))
        token = super().__call__(request)
        if not any(token.allows(scope) for scope in _SCOPES):
            raise Forbidden(
                "authorization", f"The token has none of the scopes {', '.join(_SCOPES)}"
            )
        return Reach(Account.objects.filter(pk=token.account_id))


router = Router(auth=ManifestReaderAuth())


class ManifestQuery(Schema):
    partial: bool = Field(
        False, description="Also while images are being made: such lines say pending or unknown."
    )


@router.get(
    "/bulk_uploads/{uuid:upload_id}/manifest",
    response=dict.fromkeys((*USUAL_FAILURES, 409), Failure),
    url_name="manifest",
    operation_id="get_bulk_upload_manifest",
    openapi_extra=_DOCUMENT,
)
def get_manifest(
    request: HttpRequest, upload_id: uuid.UUID, wanted: Query[ManifestQuery]
) -> StreamingHttpResponse:
    """A line for each row of an image batch, or for each row of another upload that asked for
    images: `completed` with their addresses, or `failed` with the reason. 409 `not_finished` while
    any of its jobs is open."""
    reach: Reach = request.auth  # type: ignore[attr-defined]
    uploads = BulkUpload.objects.filter(account__in=reach.accounts).select_related("account")
    upload = uploads.filter(uuid=upload_id).first()
    if upload is None:
        raise NotFound("id", "There is no bulk upload with this id")
    if not wanted.partial:
        try:
            require_finished(upload)
        except ManifestNotFinished as refusal:
            raise Conflict("manifest", refusal.code, str(refusal)) from refusal
    lines = manifest_lines(upload, addresses=_addresses(request, upload))
    response = StreamingHttpResponse(encoded(lines), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="manifest-{upload.uuid}.jsonl"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # Some proxies otherwise gather an answer before they pass any of it on.
    response["X-Accel-Buffering"] = "no"
    return response


def encoded(lines: Iterator[Line]) -> Iterator[bytes]:
    return (encode(line) + b"\n" for line in lines)


def _addresses(request: HttpRequest, upload: BulkUpload) -> Addresses:
    def rendition(sku: str, role: str) -> str:
        path = rendition_path(account=upload.account.uuid, sku=sku, role=role)
        return request.build_absolute_uri(path)

    return Addresses(content=content_addresses(request), rendition=rendition)
