"""The form of a price: of what, from when, and where it is stated."""

from typing import Any, Final

from django import forms

from accounts.access import Person
from bulk_uploads.admin.account_choice import AccountChoice
from imagery.admin.money_fields import MoneyField
from imagery.models import PriceUnit
from imagery.models.price_row import OPERATIONS
from imagery.providers import registry
from jobs import clock

_INPUT: Final = {"class": "look-input"}
_ADD: Final = "imagery.add_pricerow"
_MOST_TOKENS: Final = 10_000_000


class PriceForm(forms.Form):
    account = AccountChoice()
    provider = forms.ChoiceField(widget=forms.Select(attrs=_INPUT))
    model = forms.CharField(
        required=False,
        max_length=100,
        help_text="As the provider names it. Empty: any.",
        widget=forms.TextInput(attrs=_INPUT),
    )
    operation = forms.ChoiceField(
        required=False,
        choices=[("", "any"), *OPERATIONS],
        widget=forms.Select(attrs=_INPUT),
    )
    quality = forms.CharField(
        required=False,
        max_length=30,
        help_text="Empty: any.",
        widget=forms.TextInput(attrs=_INPUT),
    )
    from_date = forms.DateField(
        label="From", widget=forms.DateInput(attrs={**_INPUT, "type": "date"})
    )
    unit = forms.ChoiceField(
        label="It is the price of one",
        choices=PriceUnit.choices,
        widget=forms.Select(attrs=_INPUT),
    )
    unit_price = MoneyField(label="Price")
    most_per_image = forms.IntegerField(
        label="Credits or tokens an image takes at most",
        min_value=1,
        max_value=_MOST_TOKENS,
        initial=1,
        help_text="So much is held before a call. 1 where images are priced.",
        widget=forms.NumberInput(attrs=_INPUT),
    )
    input_price = MoneyField(label="Price of 1,000 tokens that go in", required=False)
    most_input = forms.IntegerField(
        label="Tokens that go in with a call at most",
        required=False,
        min_value=0,
        max_value=_MOST_TOKENS,
        widget=forms.NumberInput(attrs=_INPUT),
    )
    source = forms.CharField(
        max_length=300,
        help_text="Where the price is stated: an address, a contract.",
        widget=forms.TextInput(attrs=_INPUT),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"]
        self.asks_account = isinstance(account, AccountChoice) and account.offer(person, _ADD)
        provider = self.fields["provider"]
        if isinstance(provider, forms.ChoiceField):
            provider.choices = [(name, name) for name in registry.known_names()]
        self.fields["from_date"].initial = clock.now().date()

    def price(self) -> dict[str, Any]:
        """What `set_price` takes."""
        cleaned = self.cleaned_data
        return {
            **{
                name: cleaned[name]
                for name in ("account", "provider", "model", "operation", "quality", "from_date")
            },
            "unit": PriceUnit(cleaned["unit"]),
            "unit_micros": cleaned["unit_price"],
            "most_per_image": cleaned["most_per_image"],
            "input_micros": cleaned["input_price"] or 0,
            "most_input": cleaned["most_input"] or 0,
            "source": cleaned["source"],
        }
