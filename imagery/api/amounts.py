"""Money in the API: decimals as text, in the currency of the account's image budget."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from accounts.models import Account
from imagery.models import Budget

_MICROS: Final = 1_000_000


def amount(micros: int) -> str:
    """At least two decimals, up to six where they say something: "0.04", "0.0125"."""
    whole, _, fraction = format(Decimal(micros) / _MICROS, "f").partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"


def amounts(micros: Mapping[str, int]) -> dict[str, str]:
    return {name: amount(each) for name, each in micros.items()}


def currency_of(account: Account) -> str:
    """The budget's, which keeps its own when the account's changes; one query."""
    own = Budget.objects.filter(account=account).values_list("currency", flat=True).first()
    return own or account.currency
