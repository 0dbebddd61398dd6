"""The id of an import: `imp_` and its upload's UUID in the form of a ULID.

ULIDs are written in Crockford's base 32, 26 characters for 128 bits
(https://github.com/ulid/spec#encoding).
"""

import uuid
from typing import Final

PREFIX: Final = "imp_"
LENGTH: Final = 26
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {sign: value for value, sign in enumerate(_ALPHABET)}


def import_id(upload_id: uuid.UUID) -> str:
    number = upload_id.int
    signs = [_ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5)]
    return PREFIX + "".join(signs)


def upload_id_of(text: str) -> uuid.UUID | None:
    """The upload that an import's id names, small letters accepted; None for any other text."""
    signs = text.removeprefix(PREFIX)
    if not text.startswith(PREFIX) or len(signs) != LENGTH or not signs.isascii():
        return None
    number = 0
    for sign in signs.upper():
        if sign not in _VALUES:
            return None
        number = number << 5 | _VALUES[sign]
    return uuid.UUID(int=number) if number < 1 << 128 else None
