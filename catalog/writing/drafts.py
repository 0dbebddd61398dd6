"""What a product or a variant shall become: only what is named is written."""

from dataclasses import dataclass, field

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
class ProductDraft:
    """`category` is a path, "" for none. None everywhere: leave as it is."""

    key: str
    name: str | None = None
    category: str | None = None
    tags: list[str] | None = None
    collections: list[str] | None = None
    digest: bytes | None = None
    row: int | None = None
