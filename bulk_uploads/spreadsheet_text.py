"""Text that a spreadsheet would run: made harmless on the way out, restored on the way in.

One leading `'` does it. Only files that say so have theirs taken away again: our exports carry a
marker column, which spreadsheets keep whatever they save the table as. The column is the last one
and filled in every row, because Excel leaves out the delimiters of blank cells at the end of rows.
"""

from collections.abc import Sequence
from typing import Final

MARKER_HEADER: Final = "Export Marker v1"
MARKER_CELL: Final = "."

_QUOTE: Final = "'"
_RUN_BY_SPREADSHEETS: Final = ("=", "+", "-", "@", "\t", "\r", _QUOTE)


def neutralise(text: str) -> str:
    """The text with one leading `'` if a spreadsheet might not take it for text without."""
    return f"{_QUOTE}{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text


def restore(text: str) -> str:
    """What `neutralise` was given; what it never gives stays as it is."""
    if text[:1] == _QUOTE and text.startswith(_RUN_BY_SPREADSHEETS, 1):
        return text[1:]
    return text


def marker_places(header: Sequence[str]) -> frozenset[int]:
    """Where the marker stands in a header, from 0; nowhere in a file that we did not export."""
    wanted = MARKER_HEADER.casefold()
    return frozenset(at for at, name in enumerate(header) if name.strip().casefold() == wanted)
