"""Connecting to public addresses alone, whatever a name says the next time it is asked."""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from outbound.addresses import is_public
from outbound.deadline import Deadline
from outbound.errors import NotNow, Refused
from outbound.handshakes import secured
from outbound.targets import Target

_MOST_ADDRESSES: Final = 4

#: Host and port -> the numeric addresses they stand for. Raises OSError or UnicodeError.
Resolver = Callable[[str, int], Sequence[str]]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the machine's own resolver says; it bounds its time itself (see resolv.conf)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Gate:
    """`allowed_hosts` are (host, port) pairs that may be private: the operator's own choice."""

    allowed_hosts: frozenset[tuple[str, int]] = frozenset()
    resolver: Resolver = system_resolver

    def connect(self, target: Target, *, seconds: float, deadline: Deadline) -> socket.socket:
        """A connection, over TLS for https, to an address that was found public.

        The name is asked once and the connection made to what was looked at: a name that says
        something else a moment later changes nothing. Raises Refused or NotNow.
        """
        target.require_usual_port(except_for=self.allowed_hosts)
        allowed = (target.host, target.port) in self.allowed_hosts
        addresses = self._resolve(target)
        if not allowed and not all(map(is_public, addresses)):
            raise _unsafe(target)
        problem: OSError | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                connected = _connected(address, target.port, seconds=seconds, deadline=deadline)
            except OSError as error:
                problem = error
                continue
            try:
                if not allowed and not is_public(connected.getpeername()[0]):
                    raise _unsafe(target)
                return _secured(connected, target, seconds=seconds, deadline=deadline)
            except BaseException:
                connected.close()
                raise
        raise NotNow("no_connection", f"{target.host} could not be reached.") from problem

    def _resolve(self, target: Target) -> Sequence[str]:
        try:
            addresses = self.resolver(target.host, target.port)
        except (OSError, UnicodeError) as error:
            raise _unknown(target) from error
        if not addresses:
            raise _unknown(target)
        return addresses


def _connected(address: str, port: int, *, seconds: float, deadline: Deadline) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(min(seconds, deadline.seconds_left))
        made.connect((address, port))
        # Not before: what is not connected cannot be cut, and has the time-out alone.
        deadline.guard(made)
    except BaseException:
        made.close()
        raise
    return made


def _secured(
    connected: socket.socket, target: Target, *, seconds: float, deadline: Deadline
) -> socket.socket:
    if target.scheme != "https":
        return connected
    try:
        return secured(
            connected, context=_tls(), host=target.host, seconds=seconds, deadline=deadline
        )
    except ssl.SSLError as error:
        raise NotNow(
            "tls_failed", f"{target.host} could not prove who it is (TLS): {error.reason}."
        ) from error


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _unsafe(target: Target) -> Refused:
    return Refused(
        "unsafe_address",
        f"{target.host} leads into a private network, where nothing is fetched from.",
    )


def _unknown(target: Target) -> NotNow:
    return NotNow("host_not_found", f"There is no server named {target.host}.")
