"""The time for all of it is over once, wherever a fetch stands at that moment."""

import socket
import ssl
import threading
import time
from collections.abc import Sequence

import pytest

from outbound import Gate, Limits, NotNow, fetch
from outbound.deadline import Deadline
from outbound.handshakes import secured
from tests.outbound.servers import HOST, IDENTITY, rude_server

#: Longer than any of these tests is to take.
TOO_LONG = 10


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_redirect_that_takes_the_time_up_leads_to_no_endless_drip(tls):
    """The time is over while a name is looked up, when there is no connection to be cut."""

    def answer(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not target.ending.wait(0.01):
            connection.sendall(b"x")

    def redirect(connection: socket.socket, _head: bytes) -> None:
        location = target.url(host="slow.example")
        connection.sendall(f"HTTP/1.1 302 On\r\nLocation: {location}\r\n\r\n".encode())

    def resolver(host: str, _port: int) -> Sequence[str]:
        if host == "slow.example":
            threading.Event().wait(0.4)
        return [HOST]

    with rude_server(answer, tls=tls) as target, rude_server(redirect) as server:
        gate = Gate(server.allowed() | target.allowed("slow.example"), resolver)
        with pytest.raises(NotNow) as not_now:
            fetch(server.url(), limits=Limits(max_bytes=20, total_seconds=0.3), gate=gate)

    assert not_now.value.code == "timed_out"
    assert not_now.value.reason == "slow.example took longer than 0.3 seconds."
    assert target.heads in ([], [b""])


def test_a_handshake_has_no_more_than_the_time_that_is_left():
    """Its connection took most of the time, and still has the patience it began with."""
    context = ssl.create_default_context(cafile=str(IDENTITY))
    began = time.monotonic()
    with socket.create_server((HOST, 0)) as silent:
        connected = socket.create_connection(silent.getsockname(), timeout=TOO_LONG)
        with Deadline(0.2) as deadline, pytest.raises((TimeoutError, ssl.SSLError)):
            secured(
                connected,
                context=context,
                host="pictures.example",
                seconds=TOO_LONG,
                deadline=deadline,
            )
        assert time.monotonic() - began < TOO_LONG / 2
        hung_up_on, _ = silent.accept()
        with hung_up_on:
            hung_up_on.settimeout(TOO_LONG)
            while hung_up_on.recv(4096):
                pass


def test_a_connection_that_comes_after_the_time_is_not_waited_on():
    mine, theirs = socket.socketpair()
    with mine, theirs, Deadline(0.01) as deadline:
        threading.Event().wait(0.05)

        with pytest.raises(TimeoutError):
            deadline.guard(mine)
