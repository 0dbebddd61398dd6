"""What the fields of the change log are called by people."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import AttributeDefinition, PropertySetDefinition, TableEntryDefinition

_LABELS = {
    "sku": "SKU",
    "ean": "EAN",
    "display_name": "Display name",
    "description": "Description",
    "price": "Price",
    "list_price": "List price",
    "length_mm": "Length (mm)",
    "width_mm": "Width (mm)",
    "height_mm": "Height (mm)",
    "weight_g": "Weight (g)",
    "active": "Active",
    "tax_number": "Tax number",
    "tax_rate": "Tax rate",
    "product": "Product",
    "name": "Name",
    "key": "Product key",
    "category": "Category",
    "tags": "Tags",
    "collections": "Collections",
    # The padded form of the EAN, and what the product's key stands for: both are named already.
    "gtin": "",
    "product_id": "",
}


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Names of definitions by id, as text, for the fields that were asked for."""

    attributes: dict[str, str]
    sets: dict[str, str]
    entries: dict[str, str]

    @classmethod
    def load(cls, *, account_id: int, fields: Iterable[str]) -> "FieldNames":
        """A query for each kind of definition that the fields name, so three at most."""
        ids: dict[str, set[str]] = {"attributes": set(), "sets": set(), "entries": set()}
        for field in fields:
            prefix, *rest = field.split(".")
            if prefix == "attributes":
                ids["attributes"].update(rest[:1])
            elif prefix in ("property_sets", "media"):
                ids["sets"].update(rest[:1])
                ids["entries"].update(rest[1:2])
        attributes = AttributeDefinition.objects.filter(account_id=account_id)
        sets = PropertySetDefinition.objects.filter(account_id=account_id)
        entries = TableEntryDefinition.objects.filter(property_set__account_id=account_id)
        return cls(
            attributes={
                str(found.pk): str(found) for found in attributes.filter(pk__in=ids["attributes"])
            },
            sets={
                str(found.pk): found.name or "Pictures" for found in sets.filter(pk__in=ids["sets"])
            },
            entries={str(found.pk): str(found) for found in entries.filter(pk__in=ids["entries"])},
        )

    def label(self, field: str) -> str:
        """ "" for a field that is not shown."""
        prefix, *rest = field.split(".")
        if prefix == "attributes" and rest:
            return self.attributes.get(rest[0], "An attribute")
        if prefix in ("property_sets", "media") and rest:
            name = self.sets.get(rest[0], "A property set")
            entry = self.entries.get(rest[1], "an entry") if len(rest) > 1 else ""
            return f"{name}: {entry}" if entry else name
        return _LABELS.get(field, field.replace("_", " ").capitalize())
