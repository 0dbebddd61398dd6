"""The forms of a product: its name, and the shelves it stands on."""

from typing import Any

from django import forms

from catalog.admin.edit_form import EditForm
from catalog.admin.list_field import ListField
from catalog.models import Product

_INPUT = {"class": "look-input"}


class ProductForm(EditForm):
    name = forms.CharField(label="Name", max_length=500, widget=forms.TextInput(attrs=_INPUT))
    category = forms.CharField(
        label="Category",
        max_length=1000,
        required=False,
        help_text="Levels separated by /, as in Fans/Ceiling Fans. Missing ones are made.",
        widget=forms.TextInput(attrs=_INPUT),
    )
    tags = ListField(label="Tags", required=False)
    collections = ListField(label="Collections", required=False)

    @classmethod
    def of(cls, product: Product, data: Any = None) -> "ProductForm":
        """Two queries for the tags and collections in their order."""
        tags = product.product_tags.order_by("position").values_list("tag__name", flat=True)
        collections = product.product_collections.order_by("position")
        return cls(
            data,
            initial={
                "name": product.name,
                "category": product.category.path if product.category else "",
                "tags": list(tags),
                "collections": list(collections.values_list("collection__name", flat=True)),
                "seen_change": product.last_change_id or "",
            },
        )

    def field_of(self, changed: str) -> str | None:
        return super().field_of("category" if changed == "category_path" else changed)
