"""Reading stock: the levels of one variant by location, and what they come to together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bulk_sql.numbers import plain_decimal
from catalog.models import StockLevel, Variant


@dataclass(frozen=True, slots=True)
class LevelAtLocation:
    """`quantity` is plain text, as `VariantStock.total` is."""

    id: int
    location: str
    is_default: bool
    quantity: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class VariantStock:
    levels: Sequence[LevelAtLocation]

    @property
    def total(self) -> str:
        return plain_decimal(sum((Decimal(level.quantity) for level in self.levels), Decimal(0)))


def stock_of_variant(variant_id: int) -> VariantStock:
    """One query; the default location first, then by name."""
    rows = (
        StockLevel.objects.filter(variant_id=variant_id)
        .order_by("-location__is_default", "location__key")
        .values_list("id", "location__name", "location__is_default", "quantity", "updated_at")
    )
    return VariantStock(
        [
            LevelAtLocation(pk, location, is_default, plain_decimal(quantity), updated_at)
            for pk, location, is_default, quantity, updated_at in rows
        ]
    )


def stock_by_sku(*, account_id: int, sku: str) -> VariantStock | None:
    """None where no variant has exactly this SKU. Two queries."""
    variants = Variant.objects.for_account(account_id).filter(sku=sku)
    variant_id = variants.values_list("id", flat=True).first()
    return None if variant_id is None else stock_of_variant(variant_id)
