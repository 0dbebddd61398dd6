"""Numbers as a database's driver gives them, in plain text: 10325, 0.5, never 1.0325E+4."""

from decimal import Decimal


def plain_number(value: Decimal | float | str) -> str:
    """What a database's driver gives for a number: SQLite's int or float (15 digits survive the
    round trip exactly), a Decimal, or what `Tables.plain` has made of it."""
    return plain_decimal(value) if isinstance(value, Decimal) else str(value)


def plain_decimal(value: Decimal) -> str:
    """Without exponent or idle zeros: 10325, 0.5."""
    return format(value.normalize(), "f") if value else "0"
