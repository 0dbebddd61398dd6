"""Failure envelopes for whatever ends a request that no handler of ours refused itself."""

import logging
from collections.abc import Callable, Mapping
from http.client import responses
from typing import Any, Final

from django.core.exceptions import BadRequest as DjangoBadRequest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from platform_api.envelope import Fault, failure
from platform_api.errors import ApiError

logger = logging.getLogger(__name__)

FAULT_BY_STATUS: Final[Mapping[int, Fault]] = {
    400: Fault("body", ("The request cannot be read",)),
    401: Fault("authorization", ("Send a token: Authorization: Bearer <token>",)),
    403: Fault("authorization", ("Not allowed",)),
    404: Fault("path", ("There is nothing at this address",)),
    405: Fault("method", ("The address does not take this method",)),
    413: Fault("body", ("The request is too large",)),
    415: Fault("content_type", ("The body is of a kind the address does not take",)),
    500: Fault("server", ("Something went wrong on our side; it has been noted",)),
}


def refuse(status: int) -> HttpResponse:
    """The failure envelope of a status nobody said more about."""
    unnamed = Fault("request", (responses.get(status, "Refused"),))
    return failure([FAULT_BY_STATUS.get(status, unnamed)], status=status)


def add_exception_handlers(api: NinjaAPI) -> None:
    def on(kind: type[Exception], answer: Callable[[Any], HttpResponse]) -> None:
        api.add_exception_handler(kind, lambda request, error: answer(error))

    on(ApiError, ApiError.response)
    on(ValidationError, lambda error: failure(field_faults(error.errors), status=422))
    on(HttpError, _ninja_error)
    on(Http404, lambda error: refuse(404))
    on(PermissionDenied, lambda error: refuse(403))
    on(RequestDataTooBig, lambda error: refuse(413))
    on(SuspiciousOperation, _unreadable)
    on(DjangoBadRequest, _unreadable)
    on(MultiPartParserError, _unreadable)
    on(UnreadablePostError, lambda error: refuse(400))
    api.add_exception_handler(Exception, _unexpected)


def field_faults(errors: list[dict[str, Any]]) -> list[Fault]:
    """Pydantic's errors by the field they are about, in the order they came."""
    messages: dict[str, list[str]] = {}
    for error in errors:
        text = str(error["msg"]).removeprefix("Value error, ")
        messages.setdefault(_field_name(error["loc"]), []).append(text)
    return [Fault(name, tuple(texts)) for name, texts in messages.items()]


def _field_name(location: tuple[str | int, ...]) -> str:
    """Without where it stood, nor the handler's own name for a JSON body: `variants.0.sku`."""
    source, *parts = location
    if source == "body":
        parts = parts[1:]
    return ".".join(map(str, parts)) or str(source)


def _ninja_error(error: HttpError) -> HttpResponse:
    # What the body parser raised arrives wrapped in django-ninja's own "cannot parse".
    if isinstance(error.__cause__, ApiError):
        return error.__cause__.response()
    if isinstance(error.__cause__, RequestDataTooBig):
        return refuse(413)
    return refuse(error.status_code)


def _unreadable(error: Exception) -> HttpResponse:
    return failure([Fault("body", (str(error) or "The request cannot be read",))], status=400)


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return refuse(500)
