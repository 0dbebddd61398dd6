"""Fetching what other people's addresses name, without being led where nobody outside may go.

http(s) only; public addresses only, looked at where the connection is made; bounded in size, time
and redirects; pictures are decoded, not believed. Knows no account and no product.
"""

from outbound.errors import NotAPicture, NotNow, OutboundError, Refused, TooLarge
from outbound.fetching import Fetched, Limits, fetch
from outbound.gate import Gate
from outbound.pictures import Picture, PictureLimits, read_picture

__all__ = [
    "Fetched",
    "Gate",
    "Limits",
    "NotAPicture",
    "NotNow",
    "OutboundError",
    "Picture",
    "PictureLimits",
    "Refused",
    "TooLarge",
    "fetch",
    "read_picture",
]
