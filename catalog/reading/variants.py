"""Variants as rows, their products' or one by its SKU."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

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
    created_at: datetime
    updated_at: datetime


def variants_of_products(product_ids: Collection[int]) -> dict[int, list[VariantRow]]:
    """By product id, oldest first; one query."""
    found: dict[int, list[VariantRow]] = {}
    for row in _rows(Variant.objects.filter(product_id__in=product_ids).order_by("id")):
        variant = VariantRow._make(row)
        found.setdefault(variant.product_id, []).append(variant)
    return found


def variant_by_sku(*, account_id: int, sku: str) -> VariantRow | None:
    """The variant with exactly this SKU; one query."""
    row = _rows(Variant.objects.for_account(account_id).filter(sku=sku)).first()
    return VariantRow._make(row) if row else None


def _rows(variants: QuerySet[Variant]) -> QuerySet[Variant, tuple[Any, ...]]:
    return variants.values_list(*VariantRow._fields)
