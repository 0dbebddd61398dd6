"""Finds the styles that make a number a date, a time or a duration, or fill it up with zeros."""

import re
from enum import Enum, auto
from typing import NamedTuple

from bulk_uploads.readers.xlsx.archive import WorkbookArchive
from bulk_uploads.readers.xlsx.xml import Attributes, XmlEvents

_MAX_PART_BYTES = 64 * 1024 * 1024


class DateKind(Enum):
    """MOMENT is a day, a time of day, or both; DURATION counts hours past 24."""

    MOMENT = auto()
    DURATION = auto()


class ZeroPadding(NamedTuple):
    """A whole number is shown with at least so many digits: 42 as 00042."""

    digits: int


NumberStyle = DateKind | ZeroPadding


# Formats every program knows by number (ECMA-376 part 1, 18.8.30), those of East Asia included.
_BUILT_IN = dict.fromkeys([*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)], DateKind.MOMENT)
_BUILT_IN[46] = DateKind.DURATION
# Programs allow 255 characters.
_LONGEST_CODE = 1_000
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\[[^\]]*\]")
# An article number of five digits, a GTIN of thirteen: a format of zeros and nothing else.
_ZEROS = re.compile(r"0{2,30}")
_DATE_LETTER = re.compile(r"[dmyhs]", re.IGNORECASE)


def date_kind(code: str) -> DateKind | None:
    """What a number format shows: None is a plain number. Only its first section counts."""
    if len(code) > _LONGEST_CODE:
        return None
    bare = _LITERAL.sub("", code).partition(";")[0]
    if _DURATION.search(bare):
        return DateKind.DURATION
    letters = _BRACKETED.sub("", bare)
    if letters.strip().lower() == "general":
        return None
    return DateKind.MOMENT if _DATE_LETTER.search(letters) else None


def number_style(code: str) -> NumberStyle | None:
    """What a number format makes of a number; None where that is its digits as they are."""
    if len(code) <= _LONGEST_CODE and _ZEROS.fullmatch(first := code.partition(";")[0].strip()):
        return ZeroPadding(len(first))
    return date_kind(code)


def read_number_styles(archive: WorkbookArchive, path: str) -> dict[str, NumberStyle]:
    """The styles that change a number, as cells name them. Raises UnreadableFile."""
    part = archive.part(path, max_bytes=_MAX_PART_BYTES)
    if part is None:
        return {}
    found = _Styles()
    events = XmlEvents(part.name, start=found.start, end=found.end)
    for chunk in part.chunks():
        events.feed(chunk)
    events.feed(b"", is_last=True)
    return found.styles


class _Styles:
    def __init__(self) -> None:
        self.styles: dict[str, NumberStyle] = {}
        self._kinds: dict[str, NumberStyle | None] = {
            str(number): kind for number, kind in _BUILT_IN.items()
        }
        self._in_cell_formats = False
        self._count = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._kinds[attributes.get("numFmtId", "")] = number_style(
                attributes.get("formatCode", "")
            )
        elif name == "cellXfs":
            self._in_cell_formats = True
        elif name == "xf" and self._in_cell_formats:
            if kind := self._kinds.get(attributes.get("numFmtId", "0")):
                self.styles[str(self._count)] = kind
            self._count += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cell_formats = False
