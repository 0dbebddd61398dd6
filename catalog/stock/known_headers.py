"""The headers by which a stock file's columns are known, other systems' included."""

from collections.abc import Mapping
from enum import StrEnum

from catalog.file_format.columns import FIELD_BY_HEADER, Field


class Role(StrEnum):
    """What a column can be; the values are the field keys a mapping may use."""

    SKU = "sku"
    EAN = "ean"
    LOCATION = "location"
    QUANTITY = "quantity"
    MODE = "mode"
    STATUS = "status"


#: Magento's multi-source inventory and Shopify's inventory export have names of their own.
ALIASES: Mapping[Role, tuple[str, ...]] = {
    Role.LOCATION: ("location", "source_code", "sourcecode", "warehouse"),
    Role.MODE: ("mode",),
    Role.STATUS: ("status",),
    # In this order of preference: what can be sold before what lies there.
    Role.QUANTITY: (
        "quantity",
        "qty",
        "available",
        "available(noteditable)",
        "onhand",
        "onhand(current)",
        "onhand(noteditable)",
    ),
}
#: Columns of those exports that say nothing of quantities.
DESCRIPTIVE = frozenset(
    (
        *("handle", "title", "hscode", "coo", "binname"),
        *(f"option{number}{part}" for number in (1, 2, 3) for part in ("name", "value")),
        *("incoming", "incoming(noteditable)"),
        *("unavailable", "unavailable(noteditable)"),
        *("committed", "committed(noteditable)"),
        "onhand(new)",
    )
)


def role_of(meaning: str) -> Role | None:
    known = FIELD_BY_HEADER.get(meaning)
    if known in (Field.SKU, Field.EAN):
        return Role.SKU if known is Field.SKU else Role.EAN
    return next((role for role, names in ALIASES.items() if meaning in names), None)
