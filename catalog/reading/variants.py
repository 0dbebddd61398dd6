"""Variants as rows, their products' or one by its SKU."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from catalog.models import Variant
from catalog.reading.structure import StoredAttributes, StoredSets


class VariantRow(NamedTuple):
    """A row as stored: empty texts are "", numbers nobody gave are None."""

    id: int
    product_id: int
    sku: str
    ean: str
    display_name: str
    description: str
    price: Decimal | None
    list_price: Decimal | None
    length_mm: Decimal | None
    width_mm: Decimal | None
    height_mm: Decimal | None
    weight_g: Decimal | None
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


def variants_of_products(product_ids: Collection[int]) -> dict[int, list[VariantRow]]:
    """By product id, oldest first; one query."""
    found: dict[int, list[VariantRow]] = {}
    rows = Variant.objects.filter(product_id__in=product_ids).order_by("id")
    for row in rows.values_list(*VariantRow._fields):
        variant = VariantRow._make(row)
        found.setdefault(variant.product_id, []).append(variant)
    return found


def variant_by_sku(*, account_id: int, sku: str) -> VariantOfProduct | None:
    """The variant with exactly this SKU; one query."""
    found = (
        Variant.objects.for_account(account_id)
        .filter(sku=sku)
        .values_list(*VariantRow._fields, "product__uuid", "product__name")
        .first()
    )
    if found is None:
        return None
    *row, product_uuid, product_name = found
    return VariantOfProduct(VariantRow._make(row), product_uuid, product_name)
