"""Stock: how much of a variant lies at which location, and every movement that made it so."""

from typing import Any

from django.db import models
from django.db.models import Q

from bulk_uploads.models import AuthoredChange

QUANTITY_DIGITS, QUANTITY_PLACES = 14, 4
LONGEST_LOCATION = 100


def _quantity(*, null: bool = False) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(
        max_digits=QUANTITY_DIGITS, decimal_places=QUANTITY_PLACES, null=null
    )


class Location(models.Model):
    """A warehouse, shop or shelf. `key` is the name without what people vary: case and spacing.

    What names no location is about the account's default one.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="locations", db_index=False
    )
    name = models.CharField(max_length=LONGEST_LOCATION)
    # Case folding makes some characters longer.
    key = models.CharField(max_length=3 * LONGEST_LOCATION, editable=False)
    is_default = models.BooleanField("default", default=False)
    created_by_upload = models.ForeignKey(
        "bulk_uploads.BulkUpload",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="location_key_per_account"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_default=True),
                name="one_default_location_per_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StockLevel(models.Model):
    """Below zero is what was sold beyond it. A variant without a level is not stocked there.

    `last_movement_id` is the movement that made `quantity` what it is.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="stock_levels", db_index=False
    )
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.CASCADE, related_name="stock_levels", db_index=False
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock_levels")
    quantity = _quantity()
    last_movement_id = models.BigIntegerField(editable=False)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "stock level"
        indexes = [
            models.Index(fields=["account", "id"], name="stocklevel_account_id"),
            models.Index(fields=["account", "quantity"], name="stocklevel_account_quantity"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "location"], name="stocklevel_of_variant_at_location"
            ),
        ]

    def __str__(self) -> str:
        # Named by what it is about where that has been read already: a name asks for nothing.
        if {"variant", "location"} <= self._state.fields_cache.keys():
            return f"{self.variant} at {self.location}"
        return f"Stock level {self.pk}"


class MovementKind(models.IntegerChoices):
    SET = 1, "set"
    ADJUST = 2, "adjusted"
    REMOVE = 3, "removed"
    UNDO = 4, "undone"


class StockMovement(AuthoredChange):
    """One write of one level, appended and never changed. Null `before` or `after`: no level.

    It outlives the variant and the location it is about. That of an undo names the upload that
    was taken back, and beside it who asked for that.
    """

    variant_id = models.BigIntegerField()
    location = models.ForeignKey(
        Location, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    location_name = models.CharField(max_length=LONGEST_LOCATION)
    kind = models.PositiveSmallIntegerField(choices=MovementKind)
    before = _quantity(null=True)
    after = _quantity(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["variant_id", "id"], name="stockmovement_of_variant"),
            models.Index(
                fields=["upload", "id"],
                name="stockmovement_of_upload",
                condition=Q(upload__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_name} {self.get_kind_display()}"
