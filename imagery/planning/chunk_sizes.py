"""How many targets are planned at once, and letting others write in between."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

from django.db import connection

T = TypeVar("T")

#: Of one transaction, whose queries are as many whatever its size. SQLite has one writer for all:
#: there it is as many as are planned in less than a tenth of a second.
_AT_ONCE: Final = {"sqlite": 100, "postgresql": 500}
#: Seconds; see docs/decisions/0003-sqlite-is-the-default.md.
_REST: Final = 0.01


def at_once() -> int:
    return _AT_ONCE[connection.vendor]


def chunks_of(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while chunk := list(islice(left, at_once())):
        yield chunk


def rest() -> None:
    """Behind a commit, before the next chunk; not within a transaction that goes on."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(_REST)
