"""The envelope around every answer: its status, and data or what was wrong with which attribute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from platform_api.encoding import json_response, timestamp

__all__ = ["Fault", "failure", "success", "timestamp"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one attribute of the request, in words for its sender."""

    attribute_name: str
    messages: tuple[str, ...]


#: Where in a list one is: numbers of a page, or the cursor the next one begins with.
PageMeta = Mapping[str, int | str | None]


def success(data: Any, *, status: int = 200, meta: PageMeta | None = None) -> HttpResponse:
    body: dict[str, Any] = {"status": "success", "data": data}
    if meta is not None:
        body["meta"] = meta
    return json_response(body, status=status)


def failure(faults: Iterable[Fault], *, status: int) -> HttpResponse:
    return json_response({"status": "failure", "data": list(faults)}, status=status)
