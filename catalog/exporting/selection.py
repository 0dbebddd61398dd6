"""Which variants an export holds, all of one account."""

from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.models import Product, Variant


@dataclass(frozen=True, slots=True)
class Selection:
    account_id: int
    variants: QuerySet[Variant]

    @classmethod
    def everything(cls, *, account_id: int) -> "Selection":
        return cls(account_id, Variant.objects.for_account(account_id))

    @classmethod
    def of_products(cls, products: QuerySet[Product], *, account_id: int) -> "Selection":
        """Every variant of those of the products that are the account's."""
        mine = products.filter(account_id=account_id).order_by().values("pk")
        return cls(account_id, Variant.objects.for_account(account_id).filter(product__in=mine))

    @classmethod
    def of_variants(cls, variants: QuerySet[Variant], *, account_id: int) -> "Selection":
        """Those of the variants that are the account's."""
        return cls(account_id, variants.filter(account_id=account_id))
