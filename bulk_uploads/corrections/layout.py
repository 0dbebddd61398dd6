"""What a correction file holds beside the uploader's own columns, and how it is found again."""

from collections.abc import Sequence

_ERRORS = "Errors"
#: What the number cell of a row holds that the first file does not have.
NO_ROW = 0
_LONGEST_NUMBER = 9


def errors_header(header: Sequence[str]) -> str:
    """The name of the column with the messages: one that the uploader's own columns leave free."""
    taken = {name.strip().casefold() for name in header}
    name = _ERRORS
    while name.casefold() in taken:
        name = f"{name} found"
    return name


def added_places(
    header: Sequence[str], *, own_header: Sequence[str], token_place: int
) -> frozenset[int]:
    """Where the added columns stand by now, from 0, if somebody has moved or removed some."""
    wanted = errors_header(own_header).casefold()
    errors = {at for at, name in enumerate(header) if name.strip().casefold() == wanted}
    return frozenset(errors | {token_place})


def row_number(cell: str) -> int:
    """The row that a number cell names; NO_ROW where somebody has added the row."""
    text = cell.strip()
    usable = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if usable else NO_ROW
