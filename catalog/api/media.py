"""`/media`: the pictures we fetched, for a token of their account or a person who may see them."""

import uuid
from typing import Final

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja import Router

from accounts.access import accounts_for
from accounts.models import Account, User
from accounts.scopes import Scope
from bulk_uploads.downloads import BYTES, Reach
from catalog.models import MediaFile
from outbound.pictures import FORMATS
from platform_api.auth import BearerAuth
from platform_api.errors import NotFound
from platform_api.schemas import USUAL_FAILURES, Failure

PERMISSION: Final = "catalog.view_mediaasset"
#: What a browser may show in place; anything else it is to save.
SHOWN: Final = frozenset(content_type for content_type, _ in FORMATS.values())
_ANY_PICTURE: Final = uuid.UUID(int=0)
THUMBNAIL_TAG: Final = ".thumbnail"
KEPT_PRIVATELY: Final = "private, max-age=86400"


class PictureAuth(BearerAuth):
    """A token, or without one the session of somebody signed in to the admin."""

    def __call__(self, request: HttpRequest) -> Reach:  # type: ignore[override]
        user = request.user
        if "Authorization" not in request.headers and isinstance(user, User) and user.is_staff:
            return Reach(accounts_for(user, PERMISSION))
        token = super().__call__(request)
        return Reach(Account.objects.filter(pk=token.account_id))


router = Router(auth=PictureAuth(Scope.READ))


def served_at(request: HttpRequest) -> str:
    """What the absolute addresses of pictures begin with; their id follows."""
    return request.build_absolute_uri(picture_path(_ANY_PICTURE).removesuffix(str(_ANY_PICTURE)))


def site(request: HttpRequest) -> str:
    """The scheme and host that it was asked at."""
    return request.build_absolute_uri("/").removesuffix("/")


def picture_path(file: uuid.UUID) -> str:
    return reverse("platform_api:media_picture", args=[file])


def thumbnail_path(file: uuid.UUID) -> str:
    return reverse("platform_api:media_thumbnail", args=[file])


@router.get(
    "/media/{uuid:media_id}",
    response=dict.fromkeys(USUAL_FAILURES, Failure),
    url_name="media_picture",
    operation_id="get_picture",
    openapi_extra={"responses": {200: {"description": "OK", "content": BYTES}}},
)
def get_picture(request: HttpRequest, media_id: uuid.UUID) -> HttpResponseBase:
    """The bytes of a fetched picture, as its server gave them."""
    file = _found(request, media_id)
    return answer_picture(request, file.storage_path, file.content_type, etag=file.sha256)


@router.get(
    "/media/{uuid:media_id}/thumbnail",
    response=dict.fromkeys(USUAL_FAILURES, Failure),
    url_name="media_thumbnail",
    operation_id="get_picture_thumbnail",
    openapi_extra={"responses": {200: {"description": "OK", "content": BYTES}}},
)
def get_thumbnail(request: HttpRequest, media_id: uuid.UUID) -> HttpResponseBase:
    """The picture as a WebP of at most 320 pixels each way, without its metadata."""
    file = _found(request, media_id)
    etag = file.sha256 + THUMBNAIL_TAG
    return answer_picture(request, file.thumbnail_path, "image/webp", etag=etag)


def _found(request: HttpRequest, media_id: uuid.UUID) -> MediaFile:
    reach: Reach = request.auth  # type: ignore[attr-defined]
    stored = MediaFile.objects.filter(stored_at__isnull=False, account__in=reach.accounts)
    file = stored.filter(uuid=media_id).first()
    if file is None:
        raise no_picture()
    return file


def answer_picture(
    request: HttpRequest,
    path: str,
    content_type: str,
    *,
    etag: str,
    cache_control: str = KEPT_PRIVATELY,
) -> HttpResponseBase:
    """What is stored under the path, for one who may see it. Raises NotFound.

    What a content is never changes, so that a browser may keep it; nobody between may.
    """
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{etag}"')
    if response is None:
        try:
            content = default_storage.open(path)
        except FileNotFoundError:
            raise no_picture() from None
        name = path.rpartition("/")[2]
        attached = content_type not in SHOWN
        response = FileResponse(
            content, as_attachment=attached, filename=name, content_type=content_type
        )
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = cache_control
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response


def no_picture() -> NotFound:
    return NotFound("id", "There is no picture with this id")
