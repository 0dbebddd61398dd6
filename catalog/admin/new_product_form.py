"""The form of a new product."""

from typing import Any

from django import forms

from accounts.access import Person
from bulk_uploads.admin.account_choice import AccountChoice
from catalog.admin.product_form import ProductForm


class NewProductForm(ProductForm):
    key = forms.CharField(
        label="Product key",
        max_length=500,
        required=False,
        help_text="Groups variants in files. Left empty, it is the name.",
        widget=forms.TextInput(attrs={"class": "look-input"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"] = AccountChoice()
        self.asks_account = account.offer(person, "catalog.add_product")
