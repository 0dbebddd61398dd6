"""An end to all patience: a server that drips one byte a second never times out by itself."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """Cuts the connection it guards when its time is over, whatever is being waited for on it."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._guarded: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._guarded = None

    @property
    def seconds_left(self) -> float:
        """At least a moment, for a time-out of zero would mean not to wait at all."""
        return max(0.001, self._ends_at - time.monotonic())

    @property
    def has_passed(self) -> bool:
        return time.monotonic() >= self._ends_at

    def guard(self, connection: socket.socket) -> None:
        """From now on, this connection is the one to be cut. Raises TimeoutError once the time is
        over, for it is cut but once, and what could not be cut then never would be."""
        with self._lock:
            if self.has_passed:
                raise TimeoutError("The time for all of it is over.")
            self._guarded = connection

    def _cut(self) -> None:
        with self._lock:
            if self._guarded is not None:
                # Of the plain socket, also where TLS lies on top: its own shutdown would pull the
                # session away from under the thread that reads.
                with suppress(OSError):
                    socket.socket.shutdown(self._guarded, socket.SHUT_RDWR)
