"""The columns of a catalog file explained: the fixed ones, and those of an account's own making."""

from bulk_uploads.file_template import CellKind, TemplateColumn
from catalog.exporting.headers import attribute_header, entry_header, set_header
from catalog.file_format.columns import CANONICAL_HEADERS, Field
from catalog.models import SetKind
from catalog.reading.definitions import AttributeInfo, Definitions, EntryInfo, SetInfo

_LIST = "Several are parted by #;"
_SEVERAL = "A cell may hold several values, parted by #;"
_SKU = "Identifies the variant, any text. A row whose SKU exists changes that variant."
_EAN = "GTIN of 8, 12, 13 or 14 digits. Can identify the variant instead of the SKU."
_NAME = "Needed by rows that make a new variant. Rows of one name are variants of one product."
_KEY = "Only where several products share a name: groups the variants instead of the name."
_TEXTS: dict[Field, tuple[str, str]] = {
    Field.NAME: (_NAME, "ZESTER"),
    Field.PRODUCT_KEY: (_KEY, ""),
    Field.DISPLAY_NAME: ("The variant's own name.", "ZESTER 1200 mm Dusk"),
    Field.SKU: (_SKU, "FHCZESTDUB48"),
    Field.DESCRIPTION: ("Describes the variant; may hold simple HTML.", "Superior paint finish"),
    Field.TAGS: (f"Tags of the product. {_LIST}", "Decorative #; Bestseller"),
    Field.MEDIA: (
        f"Web addresses of the variant's pictures, in order. {_LIST}",
        "https://example.com/front.jpg #; https://example.com/side.jpg",
    ),
    Field.CATEGORY: ("The product's category, levels parted by /", "Fans/Ceiling Fans"),
    Field.COLLECTIONS: (f"Collections the product is in. {_LIST}", "Summer #; Premium"),
    Field.PRICE: ("In the account's currency, 0 or more.", "5830.00"),
    Field.LIST_PRICE: ("In the account's currency, 0 or more.", "6200.00"),
    Field.LENGTH: ("In millimetres.", "1200"),
    Field.WIDTH: ("In millimetres.", "300"),
    Field.HEIGHT: ("In millimetres.", "250"),
    Field.WEIGHT: ("In grams.", "4500"),
    Field.ACTIVE: ("TRUE or FALSE. A new variant is active unless it says FALSE.", "TRUE"),
    Field.TAX_NUMBER: ("Such as the HSN code.", "84145120"),
    Field.TAX_RATE: ("As text.", "18% GST"),
    Field.EAN: (_EAN, "4006381333931"),
}
_NUMBERS = frozenset(
    (Field.PRICE, Field.LIST_PRICE, Field.LENGTH, Field.WIDTH, Field.HEIGHT, Field.WEIGHT)
)
_NEEDED = frozenset((Field.NAME, Field.SKU))


def template_columns(definitions: Definitions) -> list[TemplateColumn]:
    """The fixed columns, then the account's attributes and property sets in their order."""
    columns = [_fixed(field) for field in CANONICAL_HEADERS]
    columns += [_attribute(info) for info in definitions.attributes]
    for found in definitions.property_sets:
        if found.kind is SetKind.TABLE:
            columns += [_entry(found, entry) for entry in found.entries]
        else:
            columns.append(_whole_set(found))
    return columns


def _fixed(field: Field) -> TemplateColumn:
    meaning, example = _TEXTS[field]
    kind = CellKind.TEXT
    if field in _NUMBERS:
        kind = CellKind.NUMBER
    elif field is Field.ACTIVE:
        kind = CellKind.TRUTH
    elif field is Field.DESCRIPTION:
        kind = CellKind.LONG_TEXT
    return TemplateColumn(
        CANONICAL_HEADERS[field],
        meaning,
        example,
        kind=kind,
        needed=field in _NEEDED,
        choices=("TRUE", "FALSE") if field is Field.ACTIVE else (),
    )


def _attribute(info: AttributeInfo) -> TemplateColumn:
    return TemplateColumn(attribute_header(info), f"Attribute “{info.name}”{_in_unit(info.unit)}.")


def _entry(found: SetInfo, entry: EntryInfo) -> TemplateColumn:
    meaning = f"Line “{entry.key}”{_in_unit(entry.unit)} of the table “{found.name}”. {_SEVERAL}"
    return TemplateColumn(entry_header(found, entry), meaning)


def _whole_set(found: SetInfo) -> TemplateColumn:
    what = (
        f"Web addresses of the pictures of “{found.name}”, in order."
        if found.kind is SetKind.MEDIA
        else f"Items of the list “{found.name}”."
    )
    return TemplateColumn(set_header(found), f"{what} {_LIST}", kind=CellKind.LONG_TEXT)


def _in_unit(unit: str) -> str:
    return f" in {unit}" if unit else ""
