"""Rows of a file that stand together, a bounded number of them at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from bulk_uploads.readers.base import RawRow

MOST_ROWS: Final = 5_000
MOST_CHARS: Final = 16_000_000


class Group(NamedTuple):
    """Neighbours with one key. `goes_on`: the rows before it were of the same key, and too many."""

    key: str
    rows: list[RawRow]
    goes_on: bool


def neighbours(
    rows: Iterable[RawRow],
    key_of: Callable[[RawRow], str],
    *,
    most_rows: int = MOST_ROWS,
    most_chars: int = MOST_CHARS,
) -> Iterator[Group]:
    """Rows without a key stand alone."""
    group: Group | None = None
    chars = 0
    for row in rows:
        key = key_of(row)
        chars += sum(map(len, row.cells))
        same = group is not None and bool(key) and key == group.key
        if group is not None and same and len(group.rows) < most_rows and chars < most_chars:
            group.rows.append(row)
            continue
        if group is not None:
            yield group
        group = Group(key, [row], goes_on=same)
        chars = sum(map(len, row.cells))
    if group is not None:
        yield group
