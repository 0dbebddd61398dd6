"""Quantities as files and people write them: decimal, and below zero too."""

from decimal import Decimal

from bulk_sql.numbers import plain_decimal
from catalog.file_format.cells import CellError, NumberFormat, parse_decimal
from catalog.models.stock import QUANTITY_DIGITS, QUANTITY_PLACES

_MINUS = "-\u2212"
_BEYOND = Decimal(10) ** (QUANTITY_DIGITS - QUANTITY_PLACES)
#: What Shopify writes where a variant is not kept at a location.
_NOT_STOCKED = "notstocked"


def parse_quantity(text: str, *, numbers: NumberFormat) -> str:
    """A number that a level holds exactly, as plain text: 12.5, -3. Raises CellError."""
    is_signed = text[0] in f"+{_MINUS}"
    bare = text[1:].lstrip() if is_signed else text
    if not bare or not (bare[0].isdigit() or bare[0] in ".,"):
        raise CellError(
            "invalid_number", f"{text[:200]!r} is not a quantity. Expected a number such as 12."
        )
    number = parse_decimal(
        bare, numbers=numbers, max_digits=QUANTITY_DIGITS, places=QUANTITY_PLACES
    )
    return f"-{number}" if text[0] in _MINUS and number != "0" else number


def is_not_stocked(text: str) -> bool:
    return text.replace(" ", "").replace("_", "").casefold() == _NOT_STOCKED


def total(before: str | None, change: str) -> str:
    """What a level (None: there is none) comes to. Raises CellError where that is too much."""
    result = Decimal(before or 0) + Decimal(change)
    if abs(result) >= _BEYOND:
        raise CellError(
            "too_many_digits",
            f"{before or '0'} and {change} come to more than a level holds: at most "
            f"{QUANTITY_DIGITS - QUANTITY_PLACES} digits before the point.",
        )
    return plain_decimal(result)


def is_same(before: str, after: str) -> bool:
    """10 and 10.00 are one quantity."""
    return before == after or Decimal(before) == Decimal(after)
