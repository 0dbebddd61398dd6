"""One POST to a provider, never repeated, that tells for certain what was not sent."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from imagery.errors import ImageryError
from imagery.providers.connections import Connections
from outbound.bodies import save_body
from outbound.deadline import Deadline
from outbound.errors import NotNow, OutboundError, TooLarge

_USER_AGENT = "catalog-imports/0.1 (has pictures of products made)"
_MOST_BYTES_OF_A_REFUSAL = 64 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a connection, for one wait for a byte, and for the whole call."""

    connect_seconds: float = 5.0
    read_seconds: float = 150.0
    total_seconds: float = 180.0
    max_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent, but for the key: the same request is the same bytes."""

    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`headers` by their names in lower case. `too_large` if the body is more than we take, and
    was left unread; `may_be_cut` if nothing in the answer says where it ends."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    too_large: bool = False
    may_be_cut: bool = False


class CallFailed(ImageryError):
    """There is no answer: a stable `code`, and the reason for a person to read."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class NotSent(CallFailed):
    """The last byte of the request was never handed over: nobody can have done what it asks."""


class AnswerLost(CallFailed):
    """All of the request was handed over, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class HttpClient:
    """No cookies, no proxies, no redirects, no second tries; for several threads at once."""

    connections: Connections
    key: str = field(repr=False)
    patience: Patience = Patience()

    def post(self, request: HttpRequest) -> HttpAnswer:
        """Raises NotSent, AnswerLost."""
        with Deadline(self.patience.total_seconds) as deadline:
            connection = self._connection(deadline)
            try:
                answer = self._exchange(connection, request, deadline)
            except BaseException:
                connection.close()
                raise
            if answer.too_large:
                connection.close()
            else:
                self.connections.give_back(connection)
            return answer

    def _connection(self, deadline: Deadline) -> http.client.HTTPConnection:
        host = self.connections.host
        try:
            return self.connections.take(deadline, connect_seconds=self.patience.connect_seconds)
        except (socket.gaierror, UnicodeError) as error:
            raise NotSent("host_not_found", f"There is no server named {host}.") from error
        except ssl.SSLError as error:
            said = f"{host} could not prove who it is (TLS): {error.reason or 'no answer'}."
            raise NotSent("tls_failed", said) from error
        except OSError as error:
            raise NotSent("no_connection", f"{host} could not be reached.") from error

    def _exchange(
        self, connection: http.client.HTTPConnection, request: HttpRequest, deadline: Deadline
    ) -> HttpAnswer:
        connection.sock.settimeout(self.patience.read_seconds)
        handed_over = self._hand_over(connection, request)
        try:
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            if not handed_over:
                raise _not_whole(self.connections.host) from error
            raise self._lost(error, deadline) from error
        with response:
            answer = self._read(response, deadline)
        if not handed_over:
            # What it did not take would be read as the beginning of the next request.
            connection.close()
        return answer

    def _hand_over(self, connection: http.client.HTTPConnection, request: HttpRequest) -> bool:
        """Whether the system took all of it. Where the server hung up on us before (too large
        a request, a key that it does not like), it may have said why: its answer counts."""
        connection.putrequest(
            "POST", self.connections.path + request.path, skip_accept_encoding=True
        )
        connection.putheader("User-Agent", _USER_AGENT)
        connection.putheader("Accept", "application/json")
        connection.putheader("Accept-Encoding", "identity")
        connection.putheader("Authorization", f"Bearer {self.key}")
        for name, value in request.headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(request.body)))
        try:
            connection.endheaders(request.body)
        except TimeoutError as error:
            raise _not_whole(self.connections.host) from error
        except OSError:
            return False
        return True

    def _read(self, response: http.client.HTTPResponse, deadline: Deadline) -> HttpAnswer:
        succeeded = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
        headers = {name.lower(): value for name, value in response.getheaders()}
        body, too_large = b"", False
        may_be_cut = response.length is None and not response.chunked
        try:
            most = self.patience.max_bytes if succeeded else _MOST_BYTES_OF_A_REFUSAL
            file, _, _ = save_body(response, max_bytes=most)
            with file:
                body = file.read()
            problem: Exception | None = None
        except TooLarge:
            problem, too_large = None, True
        except (OSError, http.client.HTTPException, OutboundError) as error:
            problem = error
        if succeeded and (problem is not None or (may_be_cut and deadline.has_passed)):
            # Where the deadline cut it, an answer without a declared end looks whole.
            raise self._lost(problem, deadline) from problem
        # A refusal is one by its status, whatever became of the words after it.
        return HttpAnswer(
            response.status,
            headers,
            body,
            too_large=too_large or problem is not None,
            may_be_cut=may_be_cut,
        )

    def _lost(self, error: Exception | None, deadline: Deadline) -> AnswerLost:
        host = self.connections.host
        if deadline.has_passed or isinstance(error, TimeoutError):
            return AnswerLost("timed_out", f"{host} took too long to answer.")
        if isinstance(error, OSError | NotNow | http.client.IncompleteRead):
            return AnswerLost(
                "connection_broken", f"{host} broke the connection off before its answer's end."
            )
        return AnswerLost("broken_answer", f"{host} does not answer as a web server does.")


def _not_whole(host: str) -> NotSent:
    return NotSent("cut_off", f"{host} broke the connection off before it had the whole request.")
