"""What an answer's status line means for whoever asked."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPResponse

from outbound.errors import NotNow, OutboundError, Refused

_MOVED = frozenset({301, 302, 303, 307, 308})
#: Refusals by their number that are about the moment: request time-out, too early, too many.
_FOR_NOW = frozenset({408, 425, 429})


def redirect_of(response: HTTPResponse) -> str | None:
    """The address an answer sends us on to; None if it is an answer in itself."""
    if response.status not in _MOVED:
        return None
    location = response.getheader("Location")
    if not location:
        raise Refused("bad_redirect", f"The server answers {_named(response)} without an address.")
    # Headers are read as Latin-1; what is sent in them is UTF-8, if not plain ASCII.
    return location.encode("latin-1", "replace").decode("utf-8", "replace")


def require_success(response: HTTPResponse) -> None:
    """Raises NotNow or Refused unless the answer is a 200."""
    if response.status != HTTPStatus.OK:
        raise _error(response)


def _error(response: HTTPResponse) -> OutboundError:
    code, reason = f"http_{response.status}", f"The server answers {_named(response)}."
    if response.status in _FOR_NOW or response.status >= 500:
        return NotNow(code, reason, retry_after=read_retry_after(response.getheader("Retry-After")))
    return Refused(code, reason)


def _named(response: HTTPResponse) -> str:
    try:
        return f"{response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        return str(response.status)


def read_retry_after(text: str | None) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3); None where it says neither."""
    given = (text or "").strip()
    if given.isascii() and given.isdigit():
        return timedelta(seconds=min(int(given[:9]), 86_400))
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - datetime.now(tz=UTC), timedelta()), timedelta(days=1))
