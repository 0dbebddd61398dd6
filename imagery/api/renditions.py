"""`/renditions/...`: approved images as files that shops and browsers may load, for anybody.

Whatever is not there gets one and the same answer, whether the account, the SKU, the role or the
preset is made up, or the image merely not approved.
"""

import uuid
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from ninja import Router

from imagery.renditions.errors import StorageTooSlow
from imagery.renditions.placeholders import stock_picture
from imagery.renditions.presets import Format, Preset
from imagery.renditions.publishing import ask_for_missing
from imagery.renditions.reading import read
from imagery.renditions.serving import (
    Asked,
    PublicFile,
    Unbuilt,
    find,
    may_show_placeholder,
    preset_of,
)
from platform_api.errors import ApiError
from platform_api.refusals import refuse

KEPT: Final = "public, max-age=300, stale-while-revalidate=86400"
#: For what answers until the right picture is built.
KEPT_MEANWHILE: Final = "public, max-age=10"
_NOT_KEPT: Final = "no-store"
_PATH: Final = "/renditions/{account}/{path:sku}/{role}/{preset}"
_NOBODY: Final = uuid.UUID(int=0)
_BYTES: Final = {
    format.content_type: {"schema": {"type": "string", "format": "binary"}} for format in Format
}
_DOCUMENT: Final = {
    "responses": {
        200: {"description": "The picture", "content": _BYTES},
        304: {"description": "What the client has is still right"},
        404: {"description": "There is no such picture in public"},
    }
}

router = Router(auth=None)


@router.api_operation(["HEAD"], "/renditions/{account}", include_in_schema=False)
@router.get(
    "/renditions/{account}",
    url_name="renditions",
    operation_id="get_rendition_by_sku",
    openapi_extra=_DOCUMENT,
)
def get_rendition_by_sku(
    request: HttpRequest, account: str, sku: str = "", role: str = "", preset: str = ""
) -> HttpResponseBase:
    """The same, for SKUs that a path cannot carry."""
    return _answer(request, Asked(_account(account), _text(sku), _text(role), preset))


@router.api_operation(
    ["HEAD"], "/renditions/{account}/{path:sku}/{role}/{preset}", include_in_schema=False
)
@router.get(
    "/renditions/{account}/{path:sku}/{role}/{preset}",
    url_name="rendition",
    operation_id="get_rendition",
    openapi_extra=_DOCUMENT,
)
def get_rendition(
    request: HttpRequest, account: str, sku: str, role: str, preset: str
) -> HttpResponseBase:
    """The approved image of a SKU and role in one of the presets, without credentials.

    `account` is its id. WebP where `Accept` names it and the preset comes in it, else JPEG.
    Percent-encode the SKU, a slash in it too; or ask `/renditions/{account}?sku=&role=&preset=`.
    """
    return _answer(request, Asked(_account(account), _text(sku), _text(role), preset))


def _answer(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    preset, format = preset_of(asked, takes_webp=takes_webp(request))
    found, unbuilt = find(asked, preset, format)
    answer = _file_answer(request, found) if found is not None else None
    if found is not None and found.is_current and answer is None:
        # It was lost: from a storage put back to an earlier day, for example.
        unbuilt = Unbuilt(found.account_id, found.sha256)
    if unbuilt is not None:
        ask_for_missing(account_id=unbuilt.account_id, sha256=unbuilt.sha256)
    if answer is None and may_show_placeholder(asked):
        answer = _stock_answer(request, preset, format)
    return answer if answer is not None else _nothing()


def takes_webp(request: HttpRequest) -> bool:
    """Only who names it, and likes it as well as JPEG: what takes anything may be a program that
    never heard of WebP."""
    for accepted in request.accepted_types:
        if accepted.main_type == "image" and accepted.sub_type in set(Format):
            return accepted.sub_type == Format.WEBP
    return False


def _file_answer(request: HttpRequest, found: PublicFile) -> HttpResponseBase | None:
    """None if the file is not where it should be."""
    kept = KEPT if found.is_current else KEPT_MEANWHILE
    unchanged = get_conditional_response(request, etag=f'"{found.etag}"')
    if unchanged is not None:
        return _with_headers(unchanged, etag=found.etag, cache_control=kept)
    try:
        content = b"" if request.method == "HEAD" else read(found.storage_path)
    except FileNotFoundError:
        return None
    except StorageTooSlow:
        raise ApiError(
            503, "storage", "The picture cannot be read now", headers={"Retry-After": "2"}
        ) from None
    response = HttpResponse(content, content_type=found.format.content_type)
    response["Content-Length"] = str(found.byte_size)
    return _with_headers(response, etag=found.etag, cache_control=kept)


def _stock_answer(request: HttpRequest, preset: Preset, format: Format) -> HttpResponseBase:
    stock = stock_picture(preset, format)
    etag = stock.sha256
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{etag}"')
    if response is None:
        response = HttpResponse(stock.content, content_type=format.content_type)
    return _with_headers(response, etag=etag, cache_control=KEPT_MEANWHILE)


def _with_headers(response: HttpResponseBase, *, etag: str, cache_control: str) -> HttpResponseBase:
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = cache_control
    response["Vary"] = "Accept"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Shops show it on pages of their own.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _nothing() -> HttpResponse:
    response = refuse(404)
    response["Cache-Control"] = "no-store"
    return response


def _account(text: str) -> uuid.UUID:
    """What is no id is asked for like one that nobody has."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return _NOBODY


def _text(given: str) -> str:
    """PostgreSQL knows no NUL, and would refuse to look for it; no SKU and no role has one."""
    return "" if "\x00" in given else given
