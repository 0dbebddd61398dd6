"""An address to fetch from, taken apart once, so that what is checked is what is asked."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit

from outbound.errors import Refused

LONGEST = 4_000
_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1_024
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
# What a URL may hold as it is (RFC 3986); everything else is percent-encoded, "%" is kept.
_KEPT = "%/?:@!$&'()*+,;=-._~[]"
# Characters that programs disagree about: one sees the end of the host where another sees none.
_TREACHEROUS = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """`host` is a lower-case ASCII name or a numeric address without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def joined(self, location: str) -> "Target":
        """Where a redirect from here leads to. Raises Refused."""
        _require_plain(location)
        return read_target(urljoin(self.url, location.strip()))

    def require_usual_port(self, *, except_for: Collection[tuple[str, int]]) -> None:
        """Web servers listen on 80, 443 or above 1023; what else listens below is none of ours."""
        usual = self.port in _PORTS.values() or self.port >= _FIRST_FREE_PORT
        if not usual and (self.host, self.port) not in except_for:
            raise Refused("unsafe_port", f"Port {self.port} is not one that web servers use.")


def read_target(url: str) -> Target:
    """Raises Refused: not a web address, or one that asks for more than a plain GET."""
    _require_plain(url)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _invalid() from None
    if parts.scheme not in _PORTS:
        raise Refused("unsupported_scheme", "Only http:// and https:// addresses are fetched.")
    if parts.username is not None or parts.password is not None:
        raise Refused(
            "credentials_in_url",
            "The address holds a user name or password, which are never sent. Remove them.",
        )
    path = quote(parts.path or "/", safe=_KEPT)
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return Target(
        scheme=parts.scheme,
        host=_read_host(parts.hostname or ""),
        port=_PORTS[parts.scheme] if port is None else port,
        path=path + query,
    )


def host_of(url: str) -> str:
    """The name the address is served under, to tell whose server it is; "" if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _require_plain(url: str) -> None:
    if len(url) > LONGEST or _TREACHEROUS.search(url):
        raise _invalid()


def _read_host(name: str) -> str:
    if ":" in name:
        try:
            address = IPv6Address(name)
        except ValueError:
            raise _invalid() from None
        if address.scope_id is not None:
            raise Refused("unsafe_address", "The address names a network interface of its reader.")
        return str(address)
    try:
        host = name.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _invalid() from None
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise _invalid()
    return host


def _invalid() -> Refused:
    return Refused("invalid_url", "This is not a web address. Expected https://host/path.")
