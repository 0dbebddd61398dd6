"""One GET, followed where it leads within bounds, with nothing of ours sent along."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

from outbound.answers import redirect_of, require_success
from outbound.bodies import save_body
from outbound.deadline import Deadline
from outbound.errors import NotNow, OutboundError, Refused
from outbound.gate import Gate
from outbound.targets import Target, read_target

_USER_AGENT = "catalog-imports/0.1 (fetches the pictures a catalog names)"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds are for one connection, for one wait for a byte, and for all of it together."""

    max_bytes: int
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A temporary file at its beginning, gone when it is closed. `declared_type` is what the
    server calls it, for the log: never to be relied on."""

    file: IO[bytes]
    byte_size: int
    sha256: str
    declared_type: str
    final_url: str

    def close(self) -> None:
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def fetch(url: str, *, limits: Limits, gate: Gate, accept: str = "*/*") -> Fetched:
    """What the address gives. No cookie, credential, referrer or proxy takes part, and there is
    no second try here. Raises Refused (TooLarge among them) or NotNow."""
    with Deadline(limits.total_seconds) as deadline:
        target = read_target(url)
        for _ in range(limits.redirects + 1):
            with _answer(target, accept, limits, gate, deadline) as response:
                location = redirect_of(response)
                if location is None:
                    return _saved(response, target, limits, deadline)
            target = target.joined(location)
    raise Refused("too_many_redirects", f"It leads on and on: more than {limits.redirects} times.")


def _saved(
    response: http.client.HTTPResponse, target: Target, limits: Limits, deadline: Deadline
) -> Fetched:
    require_success(response)
    file, size, sha256 = save_body(response, max_bytes=limits.max_bytes)
    if not size or deadline.has_passed:
        # Where the connection was cut in its head, an answer looks whole, and has no body.
        file.close()
        raise NotNow("cut_short", "The server's answer is empty.")
    return Fetched(
        file=file,
        byte_size=size,
        sha256=sha256,
        declared_type=response.getheader("Content-Type") or "",
        final_url=target.url,
    )


@contextmanager
def _answer(
    target: Target, accept: str, limits: Limits, gate: Gate, deadline: Deadline
) -> Iterator[http.client.HTTPResponse]:
    with (
        _in_our_words(target, limits, deadline),
        gate.connect(target, seconds=limits.connect_seconds, deadline=deadline) as connected,
        _asked(connected, target, accept, limits) as response,
    ):
        yield response


def _asked(
    connected: socket.socket, target: Target, accept: str, limits: Limits
) -> http.client.HTTPResponse:
    connected.settimeout(limits.read_seconds)
    asking = http.client.HTTPConnection(target.host, target.port)
    asking.sock = connected
    asking.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
    asking.putheader("Host", target.authority)
    asking.putheader("User-Agent", _USER_AGENT)
    asking.putheader("Accept", accept)
    asking.putheader("Accept-Encoding", "identity")
    asking.putheader("Connection", "close")
    asking.endheaders()
    return asking.getresponse()


@contextmanager
def _in_our_words(target: Target, limits: Limits, deadline: Deadline) -> Iterator[None]:
    """Whatever goes wrong on the way is one of this room's errors."""
    try:
        yield
    except (OutboundError, OSError, http.client.HTTPException) as error:
        if isinstance(error, OutboundError) and (error.is_permanent or not deadline.has_passed):
            raise
        if deadline.has_passed:
            slow = f"{target.host} took longer than {limits.total_seconds:g} seconds."
            raise NotNow("timed_out", slow) from error
        raise _named(error, target) from error


def _named(error: Exception, target: Target) -> NotNow:
    if isinstance(error, TimeoutError):
        return NotNow("timed_out", f"{target.host} took too long to answer.")
    if isinstance(error, OSError):
        return NotNow("connection_broken", f"{target.host} broke the connection off.")
    return NotNow("broken_answer", f"{target.host} does not answer as a web server does.")
