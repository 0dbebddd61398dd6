"""`/images/{id}/content`: generated images, for those who may see what is not public yet."""

import uuid
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from ninja import Router

from accounts.access import accounts_for
from accounts.models import Account, ApiToken, User
from accounts.scopes import Scope
from bulk_uploads.downloads import BYTES, Reach
from catalog.api.media import KEPT_PRIVATELY, THUMBNAIL_TAG, answer_picture, no_picture
from imagery.models import Decision, GeneratedImage
from platform_api.auth import BearerAuth, token_from_request
from platform_api.schemas import USUAL_FAILURES, Failure

PERMISSION: Final = "imagery.view_generatedimage"
_NOT_KEPT: Final = "no-store"


class ImageReaderAuth(BearerAuth):
    """A token that may order or review images, or the session of somebody who may see them."""

    def __call__(self, request: HttpRequest) -> Reach:  # type: ignore[override]
        user = request.user
        if "Authorization" not in request.headers and isinstance(user, User) and user.is_staff:
            return Reach(accounts_for(user, PERMISSION))
        shown = token_from_request(request)
        may_review = shown is not None and shown.allows(Scope.REVIEW)
        asked = BearerAuth(Scope.REVIEW if may_review else Scope.IMAGERY)
        token: ApiToken = asked(request)
        return Reach(Account.objects.filter(pk=token.account_id))


router = Router(auth=ImageReaderAuth())


def content_path(image: uuid.UUID) -> str:
    return reverse("platform_api:image_content", args=[image])


def thumbnail_path(image: uuid.UUID) -> str:
    return reverse("platform_api:image_thumbnail", args=[image])


@router.get(
    "/images/{uuid:image_id}/content",
    response=dict.fromkeys(USUAL_FAILURES, Failure),
    url_name="image_content",
    operation_id="get_image_content",
    openapi_extra={"responses": {200: {"description": "OK", "content": BYTES}}},
)
def get_content(request: HttpRequest, image_id: uuid.UUID) -> HttpResponseBase:
    """The bytes of a generated image, whatever was decided about it; not kept until approval."""
    image = _found(request, image_id)
    return answer_picture(
        request,
        image.storage_path,
        image.content_type,
        etag=image.sha256,
        cache_control=_cache_control(image),
    )


@router.get(
    "/images/{uuid:image_id}/thumbnail",
    response=dict.fromkeys(USUAL_FAILURES, Failure),
    url_name="image_thumbnail",
    operation_id="get_image_thumbnail",
    openapi_extra={"responses": {200: {"description": "OK", "content": BYTES}}},
)
def get_thumbnail(request: HttpRequest, image_id: uuid.UUID) -> HttpResponseBase:
    """The image as a WebP of at most 320 pixels each way."""
    image = _found(request, image_id)
    return answer_picture(
        request,
        image.thumbnail_path,
        "image/webp",
        etag=image.sha256 + THUMBNAIL_TAG,
        cache_control=_cache_control(image),
    )


def _found(request: HttpRequest, image_id: uuid.UUID) -> GeneratedImage:
    reach: Reach = request.auth  # type: ignore[attr-defined]
    image = GeneratedImage.objects.filter(account__in=reach.accounts, uuid=image_id).first()
    if image is None:
        raise no_picture()
    return image


def _cache_control(image: GeneratedImage) -> str:
    return KEPT_PRIVATELY if image.decision == Decision.APPROVED else _NOT_KEPT
