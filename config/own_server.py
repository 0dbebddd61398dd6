"""Asking the web server of this very machine, whatever it listens on and answers to."""

import ipaddress
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException

PATIENCE_SECONDS = 5.0


def is_alive(*, bind: str, port: int, allowed_hosts: Sequence[str]) -> bool:
    """Whether `/healthz` answers 200, asked as one of `allowed_hosts`."""
    connection = HTTPConnection(reachable_address(bind), port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host_named_by(allowed_hosts)})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def reachable_address(bind: str) -> str:
    """Who listens on every address is reached over loop-back."""
    try:
        address = ipaddress.ip_address(bind)
    except ValueError:
        return bind
    if not address.is_unspecified:
        return bind
    return "127.0.0.1" if address.version == 4 else "::1"


def host_named_by(allowed_hosts: Sequence[str]) -> str:
    """A `Host` that Django takes for one of them: `*` is any, `.example.com` that name and those
    below it."""
    first = allowed_hosts[0]
    return "localhost" if first == "*" else first.removeprefix(".")
