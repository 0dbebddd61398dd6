"""Prices as people read them."""

from decimal import Decimal

from bulk_sql.numbers import plain_decimal


def price_in_words(price: object, currency: str) -> str:
    """`5,830.00 INR`: two decimals at least, more only where they are not zero; a dash for none."""
    if not isinstance(price, Decimal):
        return "-"
    decimals = max(2, len(plain_decimal(price).partition(".")[2]))
    return f"{price:,.{decimals}f} {currency}"
