"""A variant: one sellable thing, identified by its SKU within an account."""

from django.db import models
from django.db.models import Q


class VariantQuerySet(models.QuerySet["Variant"]):
    def for_account(self, account_id: int) -> "VariantQuerySet":
        return self.filter(account_id=account_id)


def _price(label: str) -> "models.DecimalField[str, object]":
    return models.DecimalField(label, max_digits=14, decimal_places=4, null=True, blank=True)


def _measure(label: str) -> "models.DecimalField[str, object]":
    return models.DecimalField(label, max_digits=13, decimal_places=3, null=True, blank=True)


class Variant(models.Model):
    """Prices are in the account's currency, lengths in millimetres, the weight in grams.

    `attributes` is `{definition id: value}`; `property_sets` holds tables as
    `{set id: {entry id: [values]}}` and lists as `{set id: [items]}` (docs/decisions tell why);
    media sets are rows of `MediaLink`. `gtin` is the EAN zero-padded to 14 digits, by which it
    is matched. For `digest` see `Product`.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="variants", db_index=False
    )
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, related_name="variants"
    )
    sku = models.CharField("SKU", max_length=200)
    ean = models.CharField("EAN", max_length=14, blank=True)
    gtin = models.CharField(max_length=14, null=True, editable=False)
    display_name = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    price = _price("price")
    list_price = _price("list price")
    length_mm = _measure("length (mm)")
    width_mm = _measure("width (mm)")
    height_mm = _measure("height (mm)")
    weight_g = _measure("weight (g)")
    active = models.BooleanField(default=True)
    tax_number = models.CharField(max_length=100, blank=True)
    tax_rate = models.CharField(max_length=100, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    property_sets = models.JSONField(default=dict, blank=True)
    created_by_upload = models.ForeignKey(
        "bulk_uploads.BulkUpload",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    digest = models.BinaryField(null=True, editable=False)
    digest_change_id = models.BigIntegerField(null=True, editable=False)
    last_change_id = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "sku"], name="variant_sku_per_account"),
            models.UniqueConstraint(
                fields=["account", "gtin"],
                condition=Q(gtin__isnull=False),
                name="variant_gtin_per_account",
            ),
            models.CheckConstraint(
                condition=(Q(price=None) | Q(price__gte=0))
                & (Q(list_price=None) | Q(list_price__gte=0)),
                name="variant_prices_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(gtin=None, ean="") | (Q(gtin__isnull=False) & ~Q(ean="")),
                name="variant_gtin_with_ean",
            ),
        ]

    def __str__(self) -> str:
        return self.sku
