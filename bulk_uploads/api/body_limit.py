"""Refusing an upload by the size it announces, or does not announce, before any of it is read."""

import functools
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bulk_uploads.errors import FileTooLarge
from platform_api.errors import ApiError, TooLarge

#: What a multipart body may hold beside the file: boundaries, headers, the other fields.
SLACK: Final = 1024 * 1024
LENGTH_REQUIRED: Final = "Send the body in one piece, with its Content-Length, not in chunks"

View = Callable[..., HttpResponseBase]


def refusing_large_bodies(view: View) -> View:
    """Answer 413 where Content-Length is beyond the largest file that may be uploaded.

    No more of a body is read than Content-Length says, so nothing else has to be counted; a body
    sent in chunks has none, would be taken for empty, and is answered 411 (RFC 9110, 15.5.12).
    """

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        limit: int = settings.UPLOAD_MAX_BYTES
        announced = request.META.get("CONTENT_LENGTH") or ""
        if not announced and "Transfer-Encoding" in request.headers:
            return ApiError(411, "content_length", LENGTH_REQUIRED).response()
        if announced.isdigit() and int(announced) > limit + SLACK:
            refusal = FileTooLarge(limit=limit)
            return TooLarge(refusal.attribute_name, *refusal.messages).response()
        return view(request, *args, **kwargs)

    return checked
