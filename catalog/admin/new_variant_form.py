"""The form of a new variant: its product, its SKU and the values most have."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite

from accounts.scoping.reach import Reach
from catalog.admin.product_select import ProductSelect
from catalog.admin.variant_form import VALUE_NAMES, VariantValuesForm
from catalog.models import Product


class NewVariantForm(VariantValuesForm):
    """Products are those of the accounts in reach."""

    field_order = ("product", "sku", "display_name", "ean", "active", "price", "list_price")

    sku = forms.CharField(
        label="SKU",
        max_length=200,
        help_text="It identifies the variant in files and cannot be changed later.",
        widget=forms.TextInput(attrs={"class": "look-input"}),
    )

    def __init__(self, *args: Any, reach: Reach, site: AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"] = forms.ModelChoiceField(
            queryset=reach.rows(Product.objects.all()),
            widget=ProductSelect(site),
        )

    def values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in VALUE_NAMES}
