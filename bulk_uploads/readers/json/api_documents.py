"""Makes the products and variants that the platform API answers with rows of the table format.

So that an answer can be uploaded again: each variant is a row, with its product's values beside
it. What the API only shows (ids, times, currency, states) is left out.
"""

from typing import Any

from bulk_uploads.readers.json.elements import Pairs
from bulk_uploads.readers.json.flattening import SEPARATOR, with_unit

Member = tuple[str, Any]

_PRODUCT_COLUMNS = {
    "name": "Product Name",
    "product_key": "Product Key",
    "category_path": "Category Path",
    "tags": "Tags",
    "collections": "Collections",
}
_VARIANT_COLUMNS = {
    "sku": "SKU",
    "ean": "EAN",
    "display_name": "Display Name",
    "description": "Description",
    "price": "Price",
    "list_price": "List Price",
    "length_mm": "Length(mm)",
    "width_mm": "Width(mm)",
    "height_mm": "Height(mm)",
    "weight_g": "Weight(gms)",
    "active": "Active",
    "tax_number": "Tax Number",
    "tax_rate": "Tax Rate",
}
_SHOWN_ONLY = frozenset({"id", "created_at", "updated_at", "currency", "qa_status"})
_SET_WORDS = {
    "table": "Property Set Table",
    "list": "Property Set List",
    "media": "Property Set Media",
}


def rows_of_document(members: Pairs) -> list[Pairs] | None:
    """A row for each variant of a product, one for a variant; None for any other object."""
    found = dict(members)
    if _is_variant(found):
        return [tuple(_variant(found))]
    variants = found.pop("variants", None)
    if not isinstance(variants, list) or not variants:
        return None
    documents = [dict(variant) for variant in variants if isinstance(variant, tuple)]
    if len(documents) != len(variants) or not all(map(_is_variant, documents)):
        return None
    product = _product(found)
    return [(*product, *_variant(document)) for document in documents]


def _is_variant(document: dict[str, Any]) -> bool:
    return all(isinstance(document.get(key), list) for key in ("attributes", "property_sets"))


def _product(document: dict[str, Any]) -> list[Member]:
    return [
        (_PRODUCT_COLUMNS.get(key, key), value)
        for key, value in document.items()
        if key not in _SHOWN_ONLY
    ]


def _variant(document: dict[str, Any]) -> list[Member]:
    members: list[Member] = []
    for key, value in document.items():
        if key in _SHOWN_ONLY:
            continue
        if key == "product" and isinstance(value, tuple):
            members += _product(dict(value))
        elif key == "attributes":
            # An empty list would be a column of its own.
            members += [("Variant", value)] if value else []
        elif key == "media":
            members.append(("Media Paths", _addresses(value)))
        elif key == "property_sets":
            for property_set in value:
                members += _property_set(property_set)
        else:
            members.append((_VARIANT_COLUMNS.get(key, key), value))
    return members


def _property_set(property_set: Any) -> list[Member]:
    """The columns of a property set; one of another form is left for its row to complain of."""
    found = dict(property_set) if isinstance(property_set, tuple) else {}
    kind, name = found.get("kind"), found.get("name")
    items, entries = found.get("items"), found.get("entries")
    if kind == "table" and isinstance(name, str) and isinstance(entries, list):
        columns = [_entry(name, entry) for entry in entries]
        return [column or ("property_sets", [property_set]) for column in columns]
    if kind in ("list", "media") and isinstance(name, str) and isinstance(items, list):
        header = _header(_SET_WORDS[kind], name)
        return [(header, items if kind == "list" else _addresses(items))]
    return [("property_sets", [property_set])]


def _entry(set_name: str, entry: Any) -> Member | None:
    found = dict(entry) if isinstance(entry, tuple) else {}
    key, unit = found.get("key"), found.get("unit")
    if not isinstance(key, str) or not isinstance(unit, str | None):
        return None
    return _header(_SET_WORDS["table"], set_name, with_unit(key, unit)), found.get("values")


def _header(*words: str) -> str:
    return f" {SEPARATOR} ".join(words)


def _addresses(items: Any) -> Any:
    """The addresses of media as they were given, without what became of them."""
    if not isinstance(items, list):
        return items
    return [_address(item) for item in items]


def _address(item: Any) -> Any:
    return dict(item).get("source_url", item) if isinstance(item, tuple) else item
