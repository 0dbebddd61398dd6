"""From other systems' ways to write a cell to the catalog file's."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from catalog.file_format.cells import CellError, NumberFormat, parse_decimal
from catalog.file_format.columns import SEPARATOR

_UNESCAPED_COMMA = re.compile(r"(?<!\\),")
_COMMA_BEFORE_URL = re.compile(r"\s*,\s*(?=https?://)", re.IGNORECASE)
_THOUSANDTHS = Decimal("0.001")

MILLIMETRES = {
    "mm": Decimal(1),
    "cm": Decimal(10),
    "m": Decimal(1000),
    "in": Decimal("25.4"),
    "yd": Decimal("914.4"),
}
GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_YES = ("1", "true", "yes", "enabled")
_NO = ("0", "false", "no", "disabled", "-1", "2")
_ACTIVE = dict.fromkeys(_YES, "TRUE") | dict.fromkeys(_NO, "FALSE")


def comma_items(text: str) -> list[str]:
    """The items of a list parted by commas; `\\,` is a comma inside an item."""
    return [
        item.replace("\\,", ",") for part in _UNESCAPED_COMMA.split(text) if (item := part.strip())
    ]


def as_list(items: Iterable[str]) -> str:
    """Items as one cell; each once, where it came first."""
    return SEPARATOR.join(dict.fromkeys(item for item in items if item))


def category_path(text: str, *, parted_by: str = ">") -> str:
    """`A > B` as `A/B`. A level that holds a slash of its own gets a dash for it."""
    if parted_by == "/":
        levels = text.split("/")
    else:
        levels = [level.replace("/", "-") for level in text.split(parted_by)]
    return "/".join(level for part in levels if (level := part.strip()))


def shelves(paths: Iterable[str]) -> tuple[str, str]:
    """A product's place: the first of the paths, and the others as collections.

    A path that only leads to another one of them is left out.
    """
    distinct = list(dict.fromkeys(path for path in paths if path))
    deepest = [
        path for path in distinct if not any(other.startswith(f"{path}/") for other in distinct)
    ]
    return (deepest[0], as_list(deepest[1:])) if deepest else ("", "")


def is_web_address(text: str) -> bool:
    return text[:8].casefold().startswith(("http://", "https://"))


def comma_addresses(text: str) -> list[str]:
    """Picture addresses parted by commas, which addresses may hold too; or file names."""
    parts = _COMMA_BEFORE_URL.split(text) if "://" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def scaled(text: str, factor: Decimal, numbers: NumberFormat) -> str:
    """A measure in the catalog's unit, to a thousandth, written as this upload writes numbers.

    What is no number stays as it is, for the row to be told so.
    """
    if not text:
        return ""
    try:
        plain = parse_decimal(text, numbers=numbers, max_digits=40, places=20)
    except CellError:
        return text
    measure = (Decimal(plain) * factor).quantize(_THOUSANDTHS, ROUND_HALF_UP)
    written = f"{measure:f}".rstrip("0").rstrip(".")
    return written.replace(".", ",") if numbers.decimal_comma else written


def active(text: str) -> str:
    """TRUE or FALSE for what systems say instead; other words stay, for the row to be told so."""
    return _ACTIVE.get(text.casefold(), text)
