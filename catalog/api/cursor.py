"""Where a walk through all products stands: a page goes on behind the last product of the one
before, so that none is skipped or shown twice while others come and go."""

import base64
import binascii
import re

_SHAPE = re.compile(rb"p(\d{1,18})")


class InvalidCursor(ValueError):
    """Not a cursor this API gave out."""


def encode_cursor(last_id: int) -> str:
    return base64.urlsafe_b64encode(b"p%d" % last_id).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> int:
    """The id to go on behind; an empty cursor starts. Raises InvalidCursor."""
    if not cursor:
        return 0
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidCursor(cursor) from error
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise InvalidCursor(cursor)
    return int(shape[1])
