"""Money as people read it: micro-units in words of a currency."""

from decimal import Decimal
from typing import Final

from accounts.models import Account
from imagery.models import Budget

_UNIT: Final = Decimal(1_000_000)


def currency_of(account: Account) -> str:
    """What the account's amounts are in: its budget's currency, else its own. One query."""
    currency = Budget.objects.filter(account=account).values_list("currency", flat=True).first()
    return currency or account.currency


def in_currency(micros: int, currency: str) -> str:
    """With two decimals, or as many as it takes to hide nothing: "0.04 USD", "0.0125 USD"."""
    amount = (Decimal(micros) / _UNIT).normalize()
    exponent = amount.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{amount:,.{places}f} {currency}".strip()
