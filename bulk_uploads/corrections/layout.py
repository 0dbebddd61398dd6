"""What a correction file holds beside the uploader's own columns, and how it is found again."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_ERRORS = "Errors"
#: What the number cell of a row holds that the first file does not have.
NO_ROW = 0
_NUMBER = re.compile(r"(?P<row>[0-9]{1,9})(?: as shown (?P<marks>[0-9a-f ]+))?")


class NumberCell(NamedTuple):
    """`marks` are those of a row that is not shown as it stood (see `shown_rows`)."""

    row: int
    marks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.row} as shown {' '.join(self.marks)}" if self.marks else str(self.row)


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


def number_cell(text: str) -> NumberCell:
    """What a number cell says; NO_ROW where somebody has added the row."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return NumberCell(NO_ROW)
    return NumberCell(int(found["row"]), tuple((found["marks"] or "").split()))
