"""What breaks before the request's last byte was handed over was not sent; what breaks after it
may have been done. Sockets that break at each point tell the two apart."""

import os
import random
import socket
import ssl
import struct
import threading
import time

import pytest

from imagery.providers import CallOutcome, OutcomeClass, Reference
from imagery.providers.http import Patience
from imagery.providers.openai import OpenAi
from tests.imagery.providers.speaking import (
    after_reading,
    answer_bytes,
    asking,
    read_whole,
    speaker,
    two_images,
)
from tests.outbound.servers import HOST, IDENTITY, rude_server, says

IMPATIENT = Patience(connect_seconds=0.3, read_seconds=0.3, total_seconds=5)
#: More than the buffers of both ends hold while nobody reads.
LARGE = Reference(None, os.urandom(24 * 1024 * 1024), "image/png")

#: What takes the place of some bytes of an answer.
DAMAGE = (b"", b"\r\n", b"\x00", b"-1", b"9", b"{", b"[", b"\xff", b"HTTP/1.1 100 Go\r\n\r\n")


def reset(connection: socket.socket) -> None:
    """Hang up without the manners: the other end gets a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def outcome_of(answer, *, patience=IMPATIENT, dialect=None, tls=False, **changes):
    with rude_server(answer, tls=tls) as server:
        return speaker(server.url("/v1"), dialect, patience=patience).send(asking(**changes))


# Certainly not sent


def test_nobody_listening_is_not_sent():
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]

    outcome = speaker(f"http://{HOST}:{port}").send(asking())

    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "no_connection")
    assert outcome.message == f"{HOST} could not be reached."
    assert outcome.http_status is None


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_connection_made_when_the_time_is_over_is_not_sent_on(tls):
    """Nothing would cut it any more."""
    patience = Patience(connect_seconds=1, read_seconds=1, total_seconds=0)
    with rude_server(says(), tls=tls) as server:
        outcome = speaker(server.url("/v1"), patience=patience).send(asking())

    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "no_connection")
    assert server.heads in ([], [b""])


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".example"])
def test_a_name_that_nobody_has_is_not_sent(host):
    outcome = speaker(f"http://{host}").send(asking())

    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "host_not_found")


def test_a_connection_that_is_not_made_in_time_is_not_sent():
    with socket.create_server((HOST, 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(8)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex((HOST, port))

        outcome = speaker(f"http://{HOST}:{port}", patience=IMPATIENT).send(asking())

        for one in waiting:
            one.close()
    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "no_connection")


def test_a_server_that_cannot_prove_who_it_is_is_not_sent_to():
    outcome = outcome_of(says(), tls=True)

    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "tls_failed")


def test_a_server_that_speaks_no_tls_is_not_sent_to():
    with rude_server(says(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        url = f"https://{HOST}:{server.port}"
        outcome = speaker(url, patience=IMPATIENT).send(asking())

        assert b"POST" not in b"".join(server.heads)
    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "tls_failed")


def test_a_reset_in_the_middle_of_the_request_is_not_sent():
    outcome = outcome_of(lambda connection, _: reset(connection), dialect=OpenAi(), reference=LARGE)

    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "cut_off")


def test_a_server_that_stops_reading_in_the_middle_is_not_sent():
    with rude_server(lambda *_: server.ending.wait(10)) as server:
        outcome = speaker(server.url(), OpenAi(), patience=IMPATIENT).send(asking(reference=LARGE))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.NOT_SENT, "cut_off")


def test_a_server_that_refuses_before_it_has_read_all_is_heard():
    def refuses(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(answer_bytes("413 Content Too Large"))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    outcome = outcome_of(refuses, dialect=OpenAi(), reference=LARGE)

    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, "http_413")


# Sent, and the end not known


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (after_reading(), "connection_broken"),
        (after_reading(b"HTTP/1.1 200 OK\r\nContent-Le"), "connection_broken"),
        (after_reading(answer_bytes("200 OK", two_images())[:-20]), "connection_broken"),
        (after_reading(b'HTTP/1.1 200 OK\r\n\r\n{"data": [{"url'), "connection_broken"),
        (
            after_reading(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"),
            "connection_broken",
        ),
        (after_reading(answer_bytes("200 OK", b"\x8b", "Content-Encoding: br")), "broken_answer"),
        (after_reading(b"220 mail.example ESMTP\r\n"), "broken_answer"),
        (after_reading(b"\x00\xff" * 40_000), "broken_answer"),
    ],
    ids=[
        "nothing",
        "in_the_head",
        "in_the_body",
        "in_an_open_body",
        "in_a_chunk",
        "compressed_unknown_way",
        "not_http",
        "noise",
    ],
)
def test_an_answer_that_breaks_off_is_unknown(answer, code):
    outcome = outcome_of(answer)

    assert (outcome.outcome, outcome.code) == (OutcomeClass.UNKNOWN, code)
    assert (outcome.images, outcome.pauses_provider) == ((), False)


@pytest.mark.parametrize("begun", [b"", answer_bytes("200 OK", two_images())[:-20]], ids=len)
def test_a_reset_after_the_request_is_unknown(begun):
    def answer(connection: socket.socket, head: bytes) -> None:
        read_whole(connection, head)
        connection.sendall(begun)
        reset(connection)

    outcome = outcome_of(answer)

    assert (outcome.outcome, outcome.code) == (OutcomeClass.UNKNOWN, "connection_broken")


@pytest.mark.parametrize("begun", [b"", answer_bytes("200 OK", two_images())[:-20]], ids=len)
def test_a_server_that_says_no_more_is_unknown(begun):
    def answer(connection: socket.socket, head: bytes) -> None:
        read_whole(connection, head)
        connection.sendall(begun)
        server.ending.wait(10)

    with rude_server(answer) as server:
        outcome = speaker(server.url(), patience=IMPATIENT).send(asking())

    assert (outcome.outcome, outcome.code) == (OutcomeClass.UNKNOWN, "timed_out")
    assert outcome.message == f"{HOST} took too long to answer."


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["head", "body"])
def test_a_server_that_drips_does_not_keep_us_for_ever(begun):
    def answer(connection: socket.socket, head: bytes) -> None:
        read_whole(connection, head)
        connection.sendall(begun)
        while not server.ending.wait(0.02):
            connection.sendall(b"x")

    patience = Patience(connect_seconds=1, read_seconds=1, total_seconds=0.4)
    with rude_server(answer) as server:
        began = time.monotonic()
        outcome = speaker(server.url(), patience=patience).send(asking())
        took = time.monotonic() - began

    assert (outcome.outcome, outcome.code) == (OutcomeClass.UNKNOWN, "timed_out")
    assert took < 3


def test_a_refusal_whose_words_break_off_is_a_refusal():
    whole = answer_bytes("402 Payment Required", {"error": {"code": "insufficient_quota"}})

    outcome = outcome_of(after_reading(whole[:-10]))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, "http_402")
    assert outcome.pauses_provider


@pytest.mark.parametrize("seed", range(4))
def test_no_damaged_answer_is_more_than_an_outcome(seed):
    chance = random.Random(seed)
    answer = bytearray()

    def says_it(connection: socket.socket, head: bytes) -> None:
        read_whole(connection, head)
        connection.sendall(bytes(answer))

    with rude_server(says_it) as server:
        provider = speaker(server.url("/v1"), patience=IMPATIENT)
        for _ in range(60):
            answer[:] = answer_bytes("200 OK", two_images(), "Retry-After: 3", "X-Request-Id: é")
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(answer))
                answer[at : at + chance.randrange(20)] = chance.choice(DAMAGE)
            assert isinstance(provider.send(asking()), CallOutcome), bytes(answer)
        provider.client.connections.close()


# Connections are kept


def serves_on(connection: socket.socket, head: bytes) -> None:
    """Answers every request on a connection, until it is closed."""
    while head:
        read_whole(connection, head)
        connection.sendall(answer_bytes("200 OK", two_images()))
        head = connection.recv(65_536)


@pytest.mark.parametrize("secured", [False, True], ids=["plain", "tls"])
def test_a_connection_serves_one_call_after_the_other(secured):
    context = ssl.create_default_context(cafile=str(IDENTITY))
    context.check_hostname = False
    with rude_server(serves_on, tls=secured) as server:
        provider = speaker(server.url("/v1"), tls=context)
        outcomes = [provider.send(asking()).outcome for _ in range(3)]

        assert server.connections == 1
        provider.client.connections.close()
    assert outcomes == [OutcomeClass.DELIVERED] * 3


def test_a_connection_that_was_hung_up_in_between_is_replaced():
    hung_up = threading.Event()

    def answer(connection: socket.socket, head: bytes) -> None:
        read_whole(connection, head)
        connection.sendall(answer_bytes("200 OK", two_images()))
        connection.shutdown(socket.SHUT_RDWR)
        hung_up.set()

    with rude_server(answer) as server:
        provider = speaker(server.url("/v1"))
        for _ in range(3):
            hung_up.clear()
            assert provider.send(asking()).outcome is OutcomeClass.DELIVERED
            assert hung_up.wait(5)

        assert server.connections == 3


def test_a_connection_that_the_server_says_it_closes_is_not_kept():
    whole = answer_bytes("200 OK", two_images(), "Connection: close")
    with rude_server(after_reading(whole)) as server:
        provider = speaker(server.url("/v1"))
        outcomes = [provider.send(asking()).outcome for _ in range(3)]

        assert server.connections == 3
    assert outcomes == [OutcomeClass.DELIVERED] * 3


def test_a_forked_process_opens_connections_of_its_own():
    with rude_server(serves_on) as server:
        provider = speaker(server.url("/v1"))
        provider.send(asking())
        child = os.fork()
        if not child:
            outcome = provider.send(asking())
            os._exit(0 if outcome.outcome is OutcomeClass.DELIVERED else 1)
        _, status = os.waitpid(child, 0)

        assert status == 0
        assert provider.send(asking()).outcome is OutcomeClass.DELIVERED
        assert server.connections == 2
        provider.client.connections.close()
