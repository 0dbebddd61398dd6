"""What of an address or a posted form can be the text of a column at all."""

import re

#: PostgreSQL knows no NUL, and UTF-8 no half of a surrogate pair, which JSON can bring.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """The text, or "" of one that no column holds, and that no database would look for."""
    return text if is_storable(text) else ""
