"""The application is found alive whatever it listens on, and whatever host names it answers to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIServer
from django.test.testcases import QuietWSGIRequestHandler

from config.own_server import is_alive


@contextmanager
def listening_on(bind) -> Iterator[int]:
    """The application itself; its port."""
    try:
        server = WSGIServer((bind, 0), QuietWSGIRequestHandler, ipv6=":" in bind)
    except OSError:
        pytest.skip(f"cannot listen on {bind} here")
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("bind", ["127.0.0.1", "0.0.0.0", "localhost", "::1", "::"])
@pytest.mark.parametrize(
    "allowed",
    [["localhost", "127.0.0.1"], ["catalog.example.com"], [".example.com"], ["*"], ["[::1]"]],
    ids=str,
)
def test_it_is_alive(bind, allowed, settings):
    settings.ALLOWED_HOSTS = allowed
    settings.SECURE_SSL_REDIRECT = True

    with listening_on(bind) as port:
        assert is_alive(bind=bind, port=port, allowed_hosts=allowed)


def test_who_answers_otherwise_or_not_at_all_is_not_alive(settings):
    settings.ALLOWED_HOSTS = ["catalog.example.com"]

    with listening_on("127.0.0.1") as port:
        assert not is_alive(bind="127.0.0.1", port=port, allowed_hosts=["other.example.com"])
    assert not is_alive(bind="127.0.0.1", port=port, allowed_hosts=["catalog.example.com"])
