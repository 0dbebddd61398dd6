"""Single rows of a spool, found by their numbers without reading the rows between."""

from collections.abc import Iterable
from typing import BinaryIO, Final

import orjson

#: Shorter stretches are read line by line instead of being halved again.
_STRETCH: Final = 16 * 1024


def cells_by_row(source: BinaryIO, numbers: Iterable[int]) -> dict[int, list[str]]:
    """The cells of these rows of the spool, by number; rows that it does not have are left out.

    Rows stand in the order of their numbers, so each is found by halving what is left behind the
    one before.
    """
    end = source.seek(0, 2)
    source.seek(0)
    source.readline()
    begin, found = source.tell(), dict[int, list[str]]()
    for number in sorted(set(numbers)):
        begin = _stretch_with(source, number, begin, end)
        source.seek(begin)
        while line := source.readline():
            at = _number(line)
            if at == number:
                found[number] = orjson.loads(line)[1]
            if at >= number:
                break
    return found


def _stretch_with(source: BinaryIO, number: int, begin: int, end: int) -> int:
    """A line's start, not far in front of the row's line if the spool has one."""
    while end - begin > _STRETCH:
        middle = (begin + end) // 2
        source.seek(middle)
        source.readline()
        start = source.tell()
        line = source.readline() if start < end else b""
        if line and _number(line) <= number:
            begin = start
        else:
            end = middle
    return begin


def _number(line: bytes) -> int:
    return int(line[1 : line.index(b",")])
