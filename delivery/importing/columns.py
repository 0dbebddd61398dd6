"""The columns of couriers' pincode files, under every header they are known by."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db.models import BooleanField, CharField, DecimalField

from delivery.importing.cells import parse_flag, parse_mode, parse_number, parse_pincode, parse_text
from delivery.models import ServiceablePincode

PINCODE: Final = "pincode"
MODE: Final = "mode"

#: Blue Dart's own names, squeezed; the same field may be called differently in different files.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    PINCODE: ("pincode",),
    MODE: ("mode",),
    "city": ("city",),
    "state": ("state",),
    "state_code": ("statecode",),
    "region": ("region",),
    "location": ("bdelloc",),
    "location_type": ("cloctype",),
    "area": ("carea",),
    "service_center": ("cscrcd",),
    "destination_area": ("dstarcd",),
    "zone": ("newzone",),
    "service_flag": ("cservflag",),
    "cod": ("cod", "surfacecod"),
    "prepaid": ("prepaid", "surfacepp"),
    "embargo": ("bembargo", "embargo"),
    "extended": ("extendeddeliverylocation",),
    "extended_km": ("edldistance",),
    "cod_limit": ("sfccodval",),
    "prepaid_limit": ("sfcpreval",),
}
FIELD_BY_NAME: Final = {name: field for field, names in _NAMES.items() for name in names}
#: Headers that speak of carriage by road alone, where no column names the mode.
_SURFACE_NAMES: Final = frozenset({"surfacecod", "surfacepp", "sfccodval", "sfcpreval"})
SURFACE: Final = "surface"


@dataclass(frozen=True, slots=True)
class Column:
    """`read` raises CellRefused."""

    index: int
    header: str
    field: str
    read: Callable[[str], Any]


def squeeze(header: str) -> str:
    """A header without what files vary: case, blanks, underscores."""
    return re.sub(r"[\s_]+", "", header).casefold()


def mode_without_column(headers: Mapping[str, int]) -> str:
    """The mode of every row of a file that has no such column; `headers` are squeezed."""
    return SURFACE if any(name in _SURFACE_NAMES for name in headers) else ""


def reader_of(name: str) -> Callable[[str], Any]:
    field = ServiceablePincode._meta.get_field(name)
    if name == PINCODE:
        return parse_pincode
    if isinstance(field, BooleanField):
        return parse_flag
    if isinstance(field, DecimalField):
        return partial(parse_number, digits=field.max_digits, places=field.decimal_places)
    assert isinstance(field, CharField)  # noqa: S101 - the last of three kinds
    return partial(parse_mode if name == MODE else parse_text, longest=field.max_length or 0)
