"""A product: what its variants have in common."""

import uuid

from django.db import models


class ProductQuerySet(models.QuerySet["Product"]):
    def for_account(self, account_id: int) -> "ProductQuerySet":
        return self.filter(account_id=account_id)


class Product(models.Model):
    """`key` groups variants in a file; it is the name unless a file gives one of its own.

    `digest` is that of the product columns of the row that last wrote this product; it is a
    shortcut to "unchanged" only while `digest_change` is still the `last_change` (null-safe).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="products", db_index=False
    )
    key = models.CharField("product key", max_length=500)
    name = models.CharField(max_length=500)
    category = models.ForeignKey(
        "catalog.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
    )
    tags = models.ManyToManyField("catalog.Tag", through="catalog.ProductTag")
    collections = models.ManyToManyField("catalog.Collection", through="catalog.ProductCollection")
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

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["account", "id"], name="product_account_id"),
            models.Index(
                fields=["created_by_upload", "id"],
                name="product_of_upload",
                condition=models.Q(created_by_upload__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="product_key_per_account"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductTag(models.Model):
    """The place of a tag in its product's list."""

    pk = models.CompositePrimaryKey("product_id", "position")
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="product_tags", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    tag = models.ForeignKey("catalog.Tag", on_delete=models.PROTECT, related_name="product_tags")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}"


class ProductCollection(models.Model):
    """The place of a collection in its product's list."""

    pk = models.CompositePrimaryKey("product_id", "position")
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="product_collections", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    collection = models.ForeignKey(
        "catalog.Collection", on_delete=models.PROTECT, related_name="product_collections"
    )

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}"
