"""How values are written as JSON: decimals as strings, timestamps in UTC with milliseconds."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.http import HttpResponse


def timestamp(moment: datetime | None) -> str | None:
    """`2023-06-28T13:21:35.417Z`. Microseconds are cut off, never rounded into the future."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"


def encode(payload: Any) -> bytes:
    """JSON of rows as the database gives them: decimals, datetimes and UUIDs need no care.

    Raises TypeError for a value that has no place in an answer.
    """
    return orjson.dumps(payload, default=_encodable, option=orjson.OPT_PASSTHROUGH_DATETIME)


def json_response(payload: Any, *, status: int = 200) -> HttpResponse:
    """`payload` as it is, for the answers that carry no envelope."""
    return HttpResponse(encode(payload), status=status, content_type="application/json")


def _encodable(value: Any) -> str | None:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return timestamp(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
