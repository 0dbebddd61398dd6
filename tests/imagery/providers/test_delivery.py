"""What was delivered is fetched and decoded; what is no picture, or not there, is told."""

import io
import socket
import struct
import zlib
from datetime import timedelta
from hashlib import sha256

import pytest
from PIL import Image

from imagery.providers import CallOutcome, DeliveredImage, OutcomeClass
from imagery.providers.delivery import (
    CollectedImage,
    CollectionFailure,
    CollectionPolicy,
    collect,
    collect_images,
)
from outbound import Gate, Limits, PictureLimits
from tests.outbound.servers import ok, rude_server, says


def policy(allowed=frozenset(), *, max_bytes=100_000) -> CollectionPolicy:
    return CollectionPolicy(
        limits=Limits(max_bytes=max_bytes, connect_seconds=1, read_seconds=1, total_seconds=3),
        pictures=PictureLimits(max_pixels=1_000_000),
        gate=Gate(allowed_hosts=allowed),
    )


def png(size=(40, 30)) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 50).save(file, "PNG")
    return file.getvalue()


def at(url: str) -> DeliveredImage:
    return DeliveredImage(url, None, None)


def with_bytes(content: bytes) -> DeliveredImage:
    return DeliveredImage(None, content, None)


def huge_png() -> bytes:
    """Some bytes that say they are 2 500 million pixels."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"\0" * 10_000)),
            (b"IEND", b""),
        )
    )


def test_bytes_and_addresses_are_collected_in_their_order():
    here, there = png((40, 30)), png((20, 50))
    with rude_server(says(ok(there, "Content-Type: text/plain"))) as server:
        outcome = CallOutcome(
            OutcomeClass.DELIVERED, images=(with_bytes(here), at(server.url("/a?sig=1")))
        )
        first, second = collect(outcome, policy=policy(server.allowed()))

    assert isinstance(first, CollectedImage)
    assert isinstance(second, CollectedImage)
    assert (first.content, first.sha256) == (here, sha256(here).hexdigest())
    assert (first.content_type, first.extension) == ("image/png", "png")
    assert (first.width, first.height) == (40, 30)
    assert (second.content, second.width, second.height) == (there, 20, 50)
    assert Image.open(io.BytesIO(second.thumbnail)).format == "WEBP"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"no picture at all", "not_a_picture"),
        (png()[:-200], "damaged_picture"),
        (huge_png(), "too_many_pixels"),
        (png((1_500, 1_000)), "too_large"),
    ],
    ids=["drawing", "text", "cut", "bomb", "bytes"],
)
def test_bytes_that_are_no_picture_we_take_are_told_for_good(content, code):
    image = with_bytes(content)

    [failure] = collect_images([image], policy=policy())

    assert isinstance(failure, CollectionFailure)
    assert (failure.image, failure.code, failure.is_permanent) == (image, code, True)
    assert failure.message


def test_one_that_fails_leaves_the_others():
    results = collect_images([with_bytes(b"x"), with_bytes(png())], policy=policy())

    assert [type(result) for result in results] == [CollectionFailure, CollectedImage]


@pytest.mark.parametrize(
    ("answer", "code", "is_permanent", "retry_after"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "http_403", True, None),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "http_404", True, None),
        (b"HTTP/1.1 410 Gone\r\n\r\n", "http_410", True, None),
        (
            b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\n\r\n",
            "http_503",
            False,
            timedelta(seconds=9),
        ),
        (ok(png())[:-300], "cut_short", False, None),
        (ok(b"<html>expired</html>"), "not_a_picture", True, None),
    ],
    ids=["expired_403", "expired_404", "gone", "busy", "cut", "page"],
)
def test_an_address_that_gives_no_picture_is_told(answer, code, is_permanent, retry_after):
    with rude_server(says(answer)) as server:
        [failure] = collect_images([at(server.url())], policy=policy(server.allowed()))

    assert isinstance(failure, CollectionFailure)
    assert (failure.code, failure.is_permanent) == (code, is_permanent)
    assert failure.retry_after == retry_after


def test_an_address_within_a_private_network_is_never_asked():
    with rude_server(says(ok(png()))) as server:
        [failure] = collect_images([at(server.url())], policy=policy())

        assert server.connections == 0
    assert isinstance(failure, CollectionFailure)
    assert (failure.code, failure.is_permanent) == ("unsafe_address", True)


def test_a_redirect_to_a_private_address_is_not_followed():
    with rude_server(says(ok(png()))) as inner:

        def sends_on(connection: socket.socket, _head: bytes) -> None:
            line = f"HTTP/1.1 302 Found\r\nLocation: {inner.url()}\r\n\r\n"
            connection.sendall(line.encode())

        with rude_server(sends_on) as server:
            [failure] = collect_images([at(server.url())], policy=policy(server.allowed()))

        assert inner.connections == 0
    assert isinstance(failure, CollectionFailure)
    assert (failure.code, failure.is_permanent) == ("unsafe_address", True)


def test_the_policy_is_that_of_the_settings(settings):
    settings.GENERATED_MAX_BYTES, settings.GENERATED_MAX_PIXELS = 5_000, 20_000
    settings.OUTBOUND_ALLOWED_HOSTS = frozenset({("cdn.local", 8_080)})

    found = CollectionPolicy.from_settings()

    assert found.limits.max_bytes == 5_000
    assert found.pictures.max_pixels == 20_000
    assert found.gate.allowed_hosts == frozenset({("cdn.local", 8_080)})


def test_an_image_is_delivered_as_one_of_both():
    for url, content in ((None, None), ("https://cdn.example.com/a.png", b"x")):
        with pytest.raises(ValueError, match="as its address or as its bytes"):
            DeliveredImage(url, content, None)
