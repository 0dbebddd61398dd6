"""What a request body may be: JSON or a form, as the route expects, and nothing else."""

from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from platform_api.errors import BadRequest, UnsupportedMediaType

FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
JSON_TYPE = "application/json"


class BodyParser(Parser):
    """Refuses a body of the wrong kind by its content type, before it is read as something else."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if request.content_type != JSON_TYPE:
            raise UnsupportedMediaType(f"Send the body as {JSON_TYPE}")
        parsed: dict[str, Any] = parsed_json(request.body)
        return parsed

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        if data is not request.GET and _has_other_body(request):
            raise UnsupportedMediaType(f"Send the body as {FORM_TYPES[0]}")
        return super().parse_querydict(data, list_fields, request)


def parsed_json(body: bytes) -> Any:
    """Raises BadRequest."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest("body", f"Malformed JSON: {error}") from error


def _has_other_body(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length != "0" and request.content_type not in FORM_TYPES
