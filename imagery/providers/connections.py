"""Connections to one provider's server, kept open between calls and shared by threads."""

import http.client
import os
import select
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

from outbound.deadline import Deadline
from outbound.handshakes import secured

#: Many servers hang up after five seconds without a request; one that does so at the moment we
#: ask again leaves us not knowing whether it read us.
_IDLE_SECONDS = 4.0
_MOST_IDLE = 64
_PORTS = {"http": 80, "https": 443}


class Connections:
    """Of one process: a process forked from it opens its own."""

    def __init__(self, base_url: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(base_url)
        self.host = parts.hostname or ""
        self.port = parts.port or _PORTS[parts.scheme]
        self.path = parts.path.rstrip("/")
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._lock = threading.Lock()
        self._idle: list[tuple[http.client.HTTPConnection, float]] = []
        self._process = os.getpid()

    def take(self, deadline: Deadline, *, connect_seconds: float) -> http.client.HTTPConnection:
        """A connection for one call, cut when the deadline passes. Raises OSError, UnicodeError."""
        while (kept := self._last_kept()) is not None:
            if _is_open(kept):
                return _guarded(kept, deadline)
            kept.close()
        return self._opened(deadline, connect_seconds)

    def give_back(self, connection: http.client.HTTPConnection) -> None:
        """Of a call whose answer was read to its end; closed where the server said it closes."""
        with self._lock:
            keep = connection.sock is not None and len(self._idle) < _MOST_IDLE
            if keep:
                self._idle.append((connection, time.monotonic()))
        if not keep:
            connection.close()

    def close(self) -> None:
        """Hang up whatever is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    def __del__(self) -> None:
        self.close()

    def _last_kept(self) -> http.client.HTTPConnection | None:
        with self._lock:
            if self._process != os.getpid():
                # Those are the parent's, who goes on using them.
                self._idle, self._process = [], os.getpid()
            while self._idle:
                connection, since = self._idle.pop()
                if time.monotonic() - since < _IDLE_SECONDS:
                    return connection
                connection.close()
        return None

    def _opened(self, deadline: Deadline, connect_seconds: float) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self.host, self.port)
        if self._tls is not None:
            # What the Host header leaves out.
            connection.default_port = _PORTS["https"]
        # A connection that breaks must not be replaced by another in the middle of a call.
        connection.auto_open = 0
        made = socket.create_connection(
            (self.host, self.port), timeout=min(connect_seconds, deadline.seconds_left)
        )
        try:
            deadline.guard(made)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                made = secured(
                    made,
                    context=self._tls,
                    host=self.host,
                    seconds=connect_seconds,
                    deadline=deadline,
                )
        except BaseException:
            made.close()
            raise
        connection.sock = made
        return connection


def _guarded(
    connection: http.client.HTTPConnection, deadline: Deadline
) -> http.client.HTTPConnection:
    try:
        deadline.guard(connection.sock)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_open(connection: http.client.HTTPConnection) -> bool:
    """Nothing is to be read before we ask: else it is the end, or an answer to nobody."""
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return not waiting.poll(0)
