"""Amounts as people enter them, and as they are kept: micro-units."""

from decimal import Decimal
from typing import Any, Final

from django import forms

MICROS: Final = 1_000_000
#: In the budget's currency.
_MOST: Final = Decimal(1_000_000_000)


class MoneyField(forms.DecimalField):
    """Gives micro-units; at most six decimals."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"class": "look-input", "step": "any", "min": "0"})
        super().__init__(
            min_value=Decimal(0),
            max_value=_MOST,
            max_digits=16,
            decimal_places=6,
            widget=widget,
            **kwargs,
        )

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(amount * MICROS)

    def prepare_value(self, value: Any) -> Any:
        """What is kept is shown as an amount."""
        if not isinstance(value, int):
            return value
        return format((Decimal(value) / MICROS).normalize(), "f")
