"""The names of locations, of which two spellings are one location."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from catalog.file_format.cells import parse_name
from catalog.models.stock import LONGEST_LOCATION


@dataclass(frozen=True, slots=True)
class LocationName:
    """`key` is the name without what people vary: case and spacing."""

    name: str
    key: str


def parse_location(text: str) -> LocationName:
    """Raises CellError."""
    name = unicodedata.normalize("NFC", parse_name(text, longest=LONGEST_LOCATION))
    # Some characters are longer in normal form.
    parse_name(name, longest=LONGEST_LOCATION)
    return LocationName(name, re.sub(r"\s+", " ", name).casefold())


#: Made where something names no location and the account has no default one.
DEFAULT_LOCATION: Final = LocationName("Default", "default")
