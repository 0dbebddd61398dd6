"""Variants as rows, their products' or one by its SKU."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from bulk_sql import Tables, tables
from bulk_sql.numbers import plain_number
from catalog.reading.structure import StoredAttributes, StoredSets


class VariantRow(NamedTuple):
    """A row as stored: empty texts are "", numbers plain text, or None where nobody gave any."""

    id: int
    product_id: int
    sku: str
    ean: str
    display_name: str
    description: str
    price: str | None
    list_price: str | None
    length_mm: str | None
    width_mm: str | None
    height_mm: str | None
    weight_g: str | None
    active: bool
    tax_number: str
    tax_rate: str
    attributes: StoredAttributes
    property_sets: StoredSets


@dataclass(frozen=True, slots=True)
class VariantOfProduct:
    variant: VariantRow
    product_uuid: uuid.UUID
    product_name: str


_ACTIVE = VariantRow._fields.index("active")
_NUMBERS = slice(VariantRow._fields.index("price"), VariantRow._fields.index("weight_g") + 1)
_NUMBER_NAMES = frozenset(VariantRow._fields[_NUMBERS])


def variants_of_products(product_ids: Collection[int]) -> dict[int, list[VariantRow]]:
    """By product id, oldest first; one query."""
    ways = tables()
    rows = ways.select(
        f"SELECT {_columns(ways)} FROM catalog_variant v "  # noqa: S608 - our own names
        f"WHERE v.product_id {ways.in_list} ORDER BY v.id",
        [ways.among(product_ids)],
    )
    found: dict[int, list[VariantRow]] = {}
    for row in rows:
        variant = _variant(row)
        found.setdefault(variant.product_id, []).append(variant)
    return found


def variants_by_id(variant_ids: Collection[int]) -> dict[int, VariantRow]:
    """By id; one query."""
    ways = tables()
    rows = ways.select(
        f"SELECT {_columns(ways)} FROM catalog_variant v WHERE v.id {ways.in_list}",  # noqa: S608 - our own names
        [ways.among(variant_ids)],
    )
    return {row[0]: _variant(row) for row in rows}


def variant_by_sku(*, account_id: int, sku: str) -> VariantOfProduct | None:
    """The variant with exactly this SKU; one query."""
    ways = tables()
    rows = ways.select(
        f"SELECT {_columns(ways)}, p.uuid, p.name FROM catalog_variant v "  # noqa: S608 - our own names
        "JOIN catalog_product p ON p.id = v.product_id WHERE v.account_id = %s AND v.sku = %s",
        [account_id, sku],
    )
    if not rows:
        return None
    *row, product_uuid, product_name = rows[0]
    return VariantOfProduct(_variant(row), uuid.UUID(str(product_uuid)), product_name)


def _columns(ways: Tables) -> str:
    columns = ((name, f"v.{name}") for name in VariantRow._fields)
    return ", ".join(ways.plain(at) if name in _NUMBER_NAMES else at for name, at in columns)


def _variant(row: Sequence[Any]) -> VariantRow:
    """From what the database's driver gives: model fields cost several times as much."""
    values = list(row)
    values[_NUMBERS] = [None if n is None else plain_number(n) for n in row[_NUMBERS]]
    values[_ACTIVE] = bool(row[_ACTIVE])
    values[-2:] = [orjson.loads(document) for document in row[-2:]]
    return VariantRow._make(values)
