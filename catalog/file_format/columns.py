"""The columns a catalog file can have: fixed fields, and `#;` headers an account invents."""

import re
from dataclasses import dataclass
from enum import StrEnum

SEPARATOR = "#;"


class Kind(StrEnum):
    FIELD = "field"
    ATTRIBUTE = "attribute"
    TABLE = "table"
    LIST = "list"
    MEDIA = "media"
    IGNORED = "ignored"


class Field(StrEnum):
    """Fixed fields; the values are the field keys a mapping may use."""

    NAME = "title"
    PRODUCT_KEY = "product_key"
    DISPLAY_NAME = "display_name"
    SKU = "sku"
    DESCRIPTION = "description"
    TAGS = "tags"
    MEDIA = "media"
    CATEGORY = "category"
    COLLECTIONS = "collections"
    PRICE = "price"
    LIST_PRICE = "list_price"
    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"
    WEIGHT = "weight"
    ACTIVE = "active"
    TAX_NUMBER = "tax_number"
    TAX_RATE = "tax_rate"
    EAN = "ean"


#: The header an export writes for each field.
CANONICAL_HEADERS: dict[Field, str] = {
    Field.NAME: "Product Name",
    Field.PRODUCT_KEY: "Product Key",
    Field.DISPLAY_NAME: "Display Name",
    Field.SKU: "SKU",
    Field.DESCRIPTION: "Description",
    Field.TAGS: "Tags",
    Field.MEDIA: "Media Paths",
    Field.CATEGORY: "Category Path",
    Field.COLLECTIONS: "Collections",
    Field.PRICE: "Price",
    Field.LIST_PRICE: "List Price",
    Field.LENGTH: "Length(mm)",
    Field.WIDTH: "Width(mm)",
    Field.HEIGHT: "Height(mm)",
    Field.WEIGHT: "Weight(gms)",
    Field.ACTIVE: "Active",
    Field.TAX_NUMBER: "Tax Number",
    Field.TAX_RATE: "Tax Rate",
    Field.EAN: "EAN",
}
_EAN_ALIASES = ("GTIN", "UPC", "Barcode")

#: Columns that say something of the product, in the order its digest is taken over them.
PRODUCT_FIELDS = (
    Field.NAME,
    Field.PRODUCT_KEY,
    Field.TAGS,
    Field.CATEGORY,
    Field.COLLECTIONS,
)


def squeeze(header: str) -> str:
    """A header without what people vary: case and spacing."""
    return re.sub(r"\s+", "", header).casefold()


FIELD_BY_HEADER: dict[str, Field] = {
    squeeze(text): field for field, text in CANONICAL_HEADERS.items()
} | {squeeze(alias): Field.EAN for alias in _EAN_ALIASES}

KNOWN_HEADERS = (*CANONICAL_HEADERS.values(), *_EAN_ALIASES)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file. `name` is the attribute or property set, `entry` a table's line.

    `mapped_to` is the header that a mapping puts in the place of the file's own.
    """

    index: int
    header: str
    kind: Kind
    field: Field | None = None
    name: str = ""
    entry: str = ""
    unit: str = ""
    mapped_to: str = ""

    @property
    def known_header(self) -> str:
        """The header by which this column is known without a mapping: exports write it."""
        return self.mapped_to or self.header

    @property
    def identity(self) -> tuple[str, ...]:
        """What two columns of one file may not share. EAN and its aliases stand side by side."""
        if self.kind is Kind.FIELD:
            is_ean = self.field is Field.EAN
            return (self.kind, squeeze(self.known_header) if is_ean else str(self.field))
        return (self.kind, self.name, self.entry, self.unit)


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """`fatal` ones fail the upload; the others say what is left out and why."""

    code: str
    header: str
    message: str
    fatal: bool
