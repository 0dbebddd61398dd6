"""What the parts of a multipart body say: JSON objects in text, and of what kind a file is."""

import mimetypes
import re
from typing import Any, Final

import orjson
from ninja import UploadedFile

from platform_api.errors import Unprocessable

UNKNOWN_TYPE: Final = "application/octet-stream"
_MEDIA_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


def json_object(name: str, text: str | None, *, example: str) -> dict[str, Any] | None:
    """The object in the field `name`; None where it is left out or blank. Raises Unprocessable."""
    if not text or text.isspace():
        return None
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unprocessable(name, f"Malformed JSON: {error}") from error
    if not isinstance(given, dict):
        raise Unprocessable(name, f"Must be a JSON object such as {example}")
    if "\\u0000" in text:
        # PostgreSQL keeps no such character in JSON.
        raise Unprocessable(name, "Must not contain the character NUL")
    return given


def media_type(file: UploadedFile) -> str:
    """The type the sender gave the file; where that says nothing, the one its name ends in."""
    given = file.content_type or ""
    if _MEDIA_TYPE.fullmatch(given) and given != UNKNOWN_TYPE:
        return given
    return mimetypes.guess_type(file.name or "")[0] or UNKNOWN_TYPE
