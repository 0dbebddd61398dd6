"""What a product or a variant shall become: only what is named is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

#: Decimals travel as plain text ("1234.5"): the database reads it, and nothing is rounded.
Value = str | bool | None

#: Columns of a variant that a file, a form or a request may set.
VALUE_COLUMNS: tuple[str, ...] = (
    "ean",
    "gtin",
    "display_name",
    "description",
    "price",
    "list_price",
    "length_mm",
    "width_mm",
    "height_mm",
    "weight_g",
    "active",
    "tax_number",
    "tax_rate",
)
DECIMAL_COLUMNS = frozenset(
    {"price", "list_price", "length_mm", "width_mm", "height_mm", "weight_g"}
)
#: What a new variant has where nothing is said, in the order of VALUE_COLUMNS.
DEFAULTS: dict[str, Value] = {
    "ean": "",
    "gtin": None,
    "display_name": "",
    "description": "",
    "price": None,
    "list_price": None,
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "weight_g": None,
    "active": True,
    "tax_number": "",
    "tax_rate": "",
}


@dataclass(slots=True)
class VariantDraft:
    """Keys of `attributes`, `tables` and `lists` are definition ids as text, as they are stored;
    None takes the entry away. `media` is `{set definition id: URLs in order}`, [] for none."""

    sku: str
    values: dict[str, Value] = field(default_factory=dict)
    attributes: dict[str, str | None] = field(default_factory=dict)
    tables: dict[str, dict[str, list[str] | None]] = field(default_factory=dict)
    lists: dict[str, list[str] | None] = field(default_factory=dict)
    media: dict[int, list[str]] = field(default_factory=dict)
    digest: bytes | None = None
    row: int | None = None


@dataclass(slots=True)
class NewVariants:
    """Variants that do not exist yet, as columns: the same place in each is one variant.

    `values` are one column for each of VALUE_COLUMNS; `attributes` and `property_sets` are JSON.
    `media` are (place, set definition id, URLs in order). `product_ids` must be there by the time
    they are written.
    """

    skus: list[str]
    values: list[Sequence[Value]]
    attributes: list[str]
    property_sets: list[str]
    media: list[tuple[int, int, list[str]]]
    digests: list[bytes | None]
    product_ids: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.skus)

    @classmethod
    def of_draft(cls, product_id: int, draft: VariantDraft) -> "NewVariants":
        sets: dict[str, object] = {key: items for key, items in draft.lists.items() if items}
        for set_id, entries in draft.tables.items():
            if kept := {key: values for key, values in entries.items() if values}:
                sets[set_id] = kept
        attributes = {key: text for key, text in draft.attributes.items() if text}
        return cls(
            product_ids=[product_id],
            skus=[draft.sku],
            values=[[value] for value in (DEFAULTS | draft.values).values()],
            attributes=[orjson.dumps(attributes).decode()],
            property_sets=[orjson.dumps(sets).decode()],
            media=[(0, set_id, urls) for set_id, urls in draft.media.items() if urls],
            digests=[draft.digest],
        )


@dataclass(slots=True)
class ProductDraft:
    """`category` is a path, "" for none. None everywhere: leave as it is."""

    key: str
    name: str | None = None
    category: str | None = None
    tags: list[str] | None = None
    collections: list[str] | None = None
    digest: bytes | None = None
    row: int | None = None
