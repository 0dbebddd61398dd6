"""Which network addresses are public: everybody's to reach, and nobody's inside.

Whatever way an address was written in (decimal, octal, hexadecimal, as a name), it is looked at
here in the form in which it would be connected to.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

#: Well-known prefix under which a NAT64 gateway reaches IPv4 (RFC 6052, 2.1).
_NAT64 = IPv6Network("64:ff9b::/96")
_NEVER_V4 = (
    IPv4Network("168.63.129.16/32"),  # Azure's platform address, metadata among it
    IPv4Network("192.0.0.0/24"),  # protocol assignments, Oracle's metadata among them (RFC 6890)
    IPv4Network("192.88.99.0/24"),  # 6to4 relays (RFC 7526)
)
_NEVER_V6 = (
    IPv6Network("::/96"),  # IPv4-compatible addresses (RFC 4291, 2.5.5.1)
    IPv6Network("64:ff9b:1::/48"),  # NAT64 for local use (RFC 8215)
    IPv6Network("2001::/32"),  # Teredo tunnels to an embedded address (RFC 4380)
    IPv6Network("2002::/16"),  # 6to4 tunnels to an embedded address (RFC 7526)
    IPv6Network("fec0::/10"),  # site-local (RFC 3879)
)


def is_public(text: str) -> bool:
    """Whether this numeric address is reachable from anywhere, and belongs to no inner network."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        inner = _embedded(address)
        if inner is None:
            return _is_global(address) and not any(address in net for net in _NEVER_V6)
        address = inner
    return _is_global(address) and not any(address in net for net in _NEVER_V4)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a connection to this one would really lead to."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    """The registries of special-purpose addresses (RFC 6890), and what is no single host."""
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )
