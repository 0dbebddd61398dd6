"""What one header means: a fixed field, something an account invented, or nothing."""

import difflib
import re

from bulk_uploads.readers.cells import plain_header
from catalog.file_format.cells import has_control
from catalog.file_format.columns import (
    FIELD_BY_HEADER,
    KNOWN_HEADERS,
    SEPARATOR,
    Column,
    Kind,
    squeeze,
)

_UNIT = re.compile(r"^(?P<name>.*?)\s*\((?P<unit>[^()]*(?:\([^()]*\))?[^()]*)\)$", re.DOTALL)
_SET_KINDS = {
    "propertysettable": Kind.TABLE,
    "propertysetlist": Kind.LIST,
    "propertysetmedia": Kind.MEDIA,
}
_MAX_HEADER = 300
MAX_NAME = 200
_MAX_UNIT = 60


def split_unit(text: str) -> tuple[str, str]:
    """`rated speed(m³/min)` is `rated speed` in `m³/min`: a trailing parenthesis is the unit."""
    found = _UNIT.match(text.strip())
    if not found or not found["name"] or not found["unit"].strip():
        return text.strip(), ""
    return found["name"], found["unit"].strip()


def column_named(index: int, header: str, meaning: str) -> Column:
    """The column at `index` with this header of the file, which means what `meaning` says."""
    field = FIELD_BY_HEADER.get(squeeze(meaning))
    if field is not None:
        return Column(index=index, header=header, kind=Kind.FIELD, field=field)
    dynamic = None
    if len(meaning) <= _MAX_HEADER:
        # A mapping's header has been through no reader, which would have made it plain.
        parts = [plain_header(part) for part in meaning.split(SEPARATOR)]
        dynamic = _dynamic(index, header, parts)
    return dynamic or Column(index=index, header=header, kind=Kind.IGNORED)


def _dynamic(index: int, header: str, parts: list[str]) -> Column | None:
    word = squeeze(parts[0])
    if any(not part or len(part) > MAX_NAME or has_control(part) for part in parts):
        return None
    if word == "variant" and len(parts) == 2:
        name, unit = split_unit(parts[1])
        if len(unit) > _MAX_UNIT:
            return None
        return Column(index=index, header=header, kind=Kind.ATTRIBUTE, name=name, unit=unit)
    kind = _SET_KINDS.get(word)
    if kind is Kind.TABLE and len(parts) == 3:
        entry, unit = split_unit(parts[2])
        if len(unit) > _MAX_UNIT:
            return None
        return Column(index=index, header=header, kind=kind, name=parts[1], entry=entry, unit=unit)
    if kind in (Kind.LIST, Kind.MEDIA) and len(parts) == 2:
        return Column(index=index, header=header, kind=kind, name=parts[1])
    return None


def hint(header: str) -> str:
    """What an unknown header was most likely meant to be, as a sentence; "" where nothing is."""
    word = squeeze(header.split(SEPARATOR)[0])
    if word == "variant":
        return " An attribute is written as 'Variant #; color' or 'Variant #; sweep size(mm)'."
    if word in _SET_KINDS or word.startswith("propertyset"):
        return (
            " A property set is written as 'Property Set Table #; details #; rated speed(m³/min)',"
            " 'Property Set List #; Notable Features' or 'Property Set Media #; Gallery'."
        )
    by_squeezed = {squeeze(known): known for known in KNOWN_HEADERS}
    near = difflib.get_close_matches(squeeze(header), by_squeezed, n=1, cutoff=0.6)
    return f" Did you mean {by_squeezed[near[0]]!r}?" if near else ""
