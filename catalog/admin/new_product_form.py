"""The form of a new product."""

from typing import Any

from django import forms

from accounts.access import Person, accounts_for
from accounts.models import Account
from catalog.admin.product_form import ProductForm


class NewProductForm(ProductForm):
    account = forms.ModelChoiceField(
        queryset=Account.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "look-input"}),
    )
    key = forms.CharField(
        label="Product key",
        max_length=500,
        required=False,
        help_text="Groups variants in files. Left empty, it is the name.",
        widget=forms.TextInput(attrs={"class": "look-input"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = accounts_for(person, "catalog.add_product")
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = accounts
        first_two = list(accounts[:2])
        self.asks_account = len(first_two) > 1
        if len(first_two) == 1:
            field.initial = first_two[0].pk
            field.disabled = True
