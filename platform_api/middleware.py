"""Puts into the envelope what is refused before or beside the API's own handlers."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from platform_api.refusals import refuse

PREFIX: Final = "/api/"
KEPT_HEADERS: Final = ("Allow", "WWW-Authenticate", "Retry-After")


class EnvelopeMiddleware:
    """Below `/api/`, an error page (unknown address, wrong method, bad host, crash) becomes JSON.

    Stands outside all middleware whose refusals it has to catch.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        enveloped = refuse(response.status_code)
        for name in KEPT_HEADERS:
            if name in response.headers:
                enveloped.headers[name] = response.headers[name]
        return enveloped
