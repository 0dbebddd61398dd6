"""Refusing an upload by the size it announces, before any of it is read."""

import functools
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bulk_uploads.errors import FileTooLarge
from platform_api.errors import TooLarge

#: What a multipart body may hold beside the file: boundaries, headers, the other fields.
SLACK: Final = 1024 * 1024

View = Callable[..., HttpResponseBase]


def refusing_large_bodies(view: View) -> View:
    """Answer 413 where Content-Length is beyond the largest file that may be uploaded.

    The server reads no more of a body than Content-Length says, so nothing else has to be counted.
    """

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        limit = settings.UPLOAD_MAX_BYTES
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > limit + SLACK:
            refusal = FileTooLarge(limit=limit)
            return TooLarge(refusal.attribute_name, *refusal.messages).response()
        return view(request, *args, **kwargs)

    return checked
