"""Fetching from servers that behave, and from servers that do everything they can not to."""

import gzip
import hashlib
import os
import socket
import zlib
from collections.abc import Sequence
from datetime import timedelta

import pytest

from outbound import Fetched, Gate, Limits, NotNow, Refused, TooLarge, fetch
from outbound.gate import _tls
from tests.outbound.servers import HOST, IDENTITY, RudeServer, ok, rude_server, says

LIMITS = Limits(max_bytes=100_000, connect_seconds=2, read_seconds=2, total_seconds=5)
BODY = b"\x89PNG" + os.urandom(5_000)


def local(*_asked: object) -> Sequence[str]:
    """Every name is this machine's."""
    return [HOST]


def get(server: RudeServer, url: str = "", *, limits: Limits = LIMITS, gate: Gate | None = None):
    gate = gate or Gate(allowed_hosts=server.allowed())
    return fetch(url or server.url(), limits=limits, gate=gate)


def body_of(fetched: Fetched) -> bytes:
    with fetched:
        return fetched.file.read()


def refusal(server: RudeServer, url: str = "", **options):
    with pytest.raises(Refused) as refused:
        get(server, url, **options)
    return refused.value


def problem(server: RudeServer, url: str = "", **options):
    with pytest.raises(NotNow) as not_now:
        get(server, url, **options)
    assert not not_now.value.is_permanent
    return not_now.value


# What is asked, and what comes


def test_the_bytes_come_with_their_digest():
    with rude_server(says(ok(BODY, "Content-Type: image/png"))) as server, get(server) as fetched:
        assert fetched.file.read() == BODY
        assert fetched.byte_size == len(BODY)
        assert fetched.sha256 == hashlib.sha256(BODY).hexdigest()
        assert fetched.declared_type == "image/png"
        assert fetched.final_url == server.url()
    assert fetched.file.closed


def test_nothing_of_ours_is_sent_along(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with rude_server(says(ok(BODY))) as server:
        get(server, server.url("/a b?c=ä#d")).close()

    head = server.heads[0].decode()
    assert head.splitlines() == [
        "GET /a%20b?c=%C3%A4 HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: catalog-imports/0.1 (fetches the pictures a catalog names)",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
        "",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n"
        + BODY[:5_000]
        + b"\r\n4\r\n"
        + BODY[5_000:]
        + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + ok(BODY),
        ok(gzip.compress(BODY), "Content-Encoding: gzip"),
        ok(zlib.compress(BODY), "Content-Encoding: deflate"),
    ],
    ids=["no length", "old", "chunked", "continue", "gzip", "deflate"],
)
def test_a_body_is_read_however_it_is_framed(answer):
    with rude_server(says(answer)) as server:
        assert body_of(get(server)) == BODY


# Where it may lead


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "[::]",
    ],
)
def test_this_machine_is_refused_in_every_notation_and_never_connected_to(host):
    with rude_server(says(ok(BODY))) as server:
        refused = refusal(server, server.url(host=host), gate=Gate())
        assert server.connections == 0

    assert refused.code == "unsafe_address"


def test_a_name_of_an_inner_address_is_refused():
    with rude_server(says(ok(BODY))) as server:
        refused = refusal(server, server.url(host="cdn.example"), gate=Gate(resolver=local))
        assert server.connections == 0

    assert refused.code == "unsafe_address"
    assert refused.reason == (
        "cdn.example leads into a private network, where nothing is fetched from."
    )


@pytest.mark.parametrize(
    "addresses", [["1.1.1.1", "10.0.0.1"], ["169.254.169.254", "1.1.1.1"], ["1.1.1.1", "::1"]]
)
def test_a_name_with_one_foot_inside_is_refused_as_a_whole(addresses):
    with rude_server(says(ok(BODY))) as server:
        gate = Gate(resolver=lambda host, port: addresses)
        refused = refusal(server, server.url(host="cdn.example"), gate=gate)

    assert refused.code == "unsafe_address"


def test_a_name_is_asked_once_and_what_was_looked_at_is_connected_to():
    """A name that answers differently the second time is never asked a second time."""
    asked = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return [HOST] if len(asked) == 1 else ["10.0.0.1"]

    with rude_server(says(ok(BODY))) as server:
        gate = Gate(allowed_hosts=server.allowed("cdn.example"), resolver=rebinding)
        assert body_of(get(server, server.url(host="cdn.example"), gate=gate)) == BODY

    assert asked == [("cdn.example", server.port)]
    assert f"Host: cdn.example:{server.port}".encode() in server.heads[0]


def test_the_operators_exception_is_for_that_port_alone():
    with rude_server(says(ok(BODY))) as server:
        gate = Gate(allowed_hosts=frozenset({(HOST, server.port + 1)}))
        assert refusal(server, gate=gate).code == "unsafe_address"
        assert server.connections == 0


def moved(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(status):
    def answer(connection: socket.socket, head: bytes) -> None:
        connection.sendall(ok(BODY) if b"GET /2.png" in head else moved("/2.png", status))

    with rude_server(answer) as server:
        fetched = get(server)
        assert fetched.final_url == server.url("/2.png")
        assert body_of(fetched) == BODY


def test_a_redirect_to_an_inner_address_is_refused():
    with rude_server(says(ok(BODY))) as inner:
        target = inner.url(host="localhost")
        with rude_server(says(moved(target))) as server:
            assert refusal(server).code == "unsafe_address"
        assert inner.connections == 0


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", "unsupported_scheme"),
        ("http://169.254.169.254/latest/meta-data/", "unsafe_address"),
        ("http://user:secret@a.example/", "credentials_in_url"),
        ("http://a.example:25/", "unsafe_port"),
        ("http://a.example\\@b/", "invalid_url"),
    ],
)
def test_a_redirect_is_held_to_the_rules_of_any_address(location, code):
    with rude_server(says(moved(location))) as server:
        assert refusal(server, gate=Gate(server.allowed())).code == code


def test_a_redirect_without_an_address_leads_nowhere():
    with rude_server(says(b"HTTP/1.1 302 Found\r\n\r\n")) as server:
        assert refusal(server).code == "bad_redirect"


def test_a_circle_of_redirects_ends():
    with rude_server(says(moved("/1.png"))) as server:
        refused = refusal(server)

    assert refused.code == "too_many_redirects"
    assert server.connections == LIMITS.redirects + 1


# TLS


@pytest.fixture
def trusted(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(IDENTITY))
    _tls.cache_clear()
    yield
    _tls.cache_clear()


def test_tls_is_spoken_with_the_name_that_was_asked_for(trusted):
    with rude_server(says(ok(BODY)), tls=True) as server:
        gate = Gate(allowed_hosts=server.allowed("pictures.example"), resolver=local)
        url = server.url(host="pictures.example")
        assert body_of(get(server, url, gate=gate)) == BODY


def test_a_certificate_of_another_name_is_not_trusted(trusted):
    with rude_server(says(ok(BODY)), tls=True) as server:
        gate = Gate(allowed_hosts=server.allowed("other.example"), resolver=local)
        found = problem(server, server.url(host="other.example"), gate=gate)

    assert found.code == "tls_failed"
    assert server.heads in ([], [b""])


def test_a_certificate_nobody_vouches_for_is_not_trusted():
    with rude_server(says(ok(BODY)), tls=True) as server:
        assert problem(server).code == "tls_failed"


def test_a_server_that_speaks_no_tls_is_told_apart():
    with rude_server(says(ok(BODY))) as server:
        url = server.url().replace("http:", "https:")
        assert problem(server, url).code == "tls_failed"


def test_a_silent_handshake_ends():
    with socket.create_server((HOST, 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(NotNow) as not_now:
            fetch(
                f"https://{HOST}:{port}/",
                limits=Limits(max_bytes=10, connect_seconds=0.2, read_seconds=0.2),
                gate=Gate(allowed_hosts=frozenset({(HOST, port)})),
            )

    assert not_now.value.code == "timed_out"


# What answers mean


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Nope", "The server answers 404 Not Found."),
        ("403 Nope", "The server answers 403 Forbidden."),
        ("410 Nope", "The server answers 410 Gone."),
        ("204 Nope", "The server answers 204 No Content."),
        ("304 Nope", "The server answers 304 Not Modified."),
        ("299 Nope", "The server answers 299."),
    ],
)
def test_a_refusal_is_for_good(status, reason):
    with rude_server(says(f"HTTP/1.1 {status}\r\n\r\n".encode())) as server:
        refused = refusal(server)

    assert (refused.code, refused.reason) == (f"http_{status[:3]}", reason)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_trouble_of_the_moment_is_for_later(status):
    with rude_server(says(f"HTTP/1.1 {status} Oh\r\n\r\n".encode())) as server:
        found = problem(server)

    assert (found.code, found.retry_after) == (f"http_{status}", None)


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta()),
        ("99999999999999", timedelta(days=1)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta()),
        ("Wed, 21 Oct 2015 07:28:00", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_when_to_come_again_is_understood(said, understood):
    answer = f"HTTP/1.1 429 Slow down\r\nRetry-After: {said}\r\n\r\n"
    with rude_server(says(answer.encode())) as server:
        assert problem(server).retry_after == understood


def test_an_unknown_name_is_for_later():
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(NotNow) as not_now:
        fetch("http://nowhere.example/", limits=LIMITS, gate=Gate(resolver=unknown))

    assert not_now.value.code == "host_not_found"
    assert not_now.value.reason == "There is no server named nowhere.example."


def test_a_closed_port_is_for_later():
    with socket.create_server((HOST, 0)) as closed:
        port = closed.getsockname()[1]

    gate = Gate(allowed_hosts=frozenset({(HOST, port)}))
    with pytest.raises(NotNow) as not_now:
        fetch(f"http://{HOST}:{port}/", limits=LIMITS, gate=gate)

    assert not_now.value.code == "no_connection"


# Bodies and heads that never end, end early, or lie


def test_a_body_declared_too_large_is_not_read():
    with rude_server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n")) as server:
        refused = refusal(server)

    assert isinstance(refused, TooLarge)
    assert (refused.code, refused.reason) == ("too_large", "The file is larger than 0.1 MB.")


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ids=["no length", "chunked"],
)
def test_an_endless_body_is_cut_off(head):
    def answer(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    with rude_server(answer) as server:
        assert isinstance(refusal(server), TooLarge)


def test_a_bomb_of_compression_does_not_go_off():
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < LIMITS.max_bytes
    with rude_server(says(ok(bomb, "Content-Encoding: gzip"))) as server:
        assert isinstance(refusal(server), TooLarge)


def test_a_compression_nobody_asked_for_is_refused():
    with rude_server(says(ok(BODY, "Content-Encoding: br"))) as server:
        assert refusal(server).code == "unknown_encoding"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "cut_short"),
        (ok(gzip.compress(BODY)[:-20], "Content-Encoding: gzip"), "cut_short"),
        (ok(b"no gzip at all", "Content-Encoding: gzip"), "broken_answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf", "broken_answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "broken_answer"),
        (b"220 mail.example ESMTP\r\n", "broken_answer"),
        (b"", "connection_broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n", "broken_answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "broken_answer"),
    ],
    ids=[
        "half",
        "half a gzip",
        "no gzip",
        "half a chunk",
        "no chunk",
        "no HTTP",
        "nothing",
        "huge header",
        "many headers",
    ],
)
def test_a_broken_answer_is_for_later(answer, code):
    with rude_server(says(answer)) as server:
        assert problem(server).code == code


def test_a_reset_connection_is_for_later():
    def reset(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    with rude_server(reset) as server:
        assert problem(server).code in ("connection_broken", "cut_short")


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "],
    ids=["from the start", "in the body", "in a header"],
)
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_slow_drip_ends_with_the_whole_time(trusted, head, tls):
    """Each byte comes well within the time-out for one; only all of it takes too long."""

    def drip(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(head)
        while not server.ending.wait(0.02):
            connection.sendall(b"x")

    limits = Limits(max_bytes=100_000, read_seconds=5, total_seconds=0.4)
    with rude_server(drip, tls=tls) as server:
        gate = Gate(allowed_hosts=server.allowed("pictures.example"), resolver=local)
        found = problem(server, server.url(host="pictures.example"), limits=limits, gate=gate)

    assert found.code == "timed_out"
    assert found.reason == "pictures.example took longer than 0.4 seconds."


def test_silence_ends_with_the_time_for_one_byte():
    def silent(_connection: socket.socket, _head: bytes) -> None:
        server.ending.wait(10)

    limits = Limits(max_bytes=10, read_seconds=0.1)
    with rude_server(silent) as server:
        assert problem(server, limits=limits).reason == "127.0.0.1 took too long to answer."
