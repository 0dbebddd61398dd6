"""What an account's attributes and property sets are called, in what order and unit.

Definitions belong to the account, first seen first, and remember the header they came from, so
that an export writes the columns back as they came.
"""

from django.db import models


class SetKind(models.TextChoices):
    TABLE = "table", "Table"
    LIST = "list", "List"
    MEDIA = "media", "Media"


class AttributeDefinition(models.Model):
    """A variant attribute such as `sweep size` in `mm`."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField()
    header = models.CharField(max_length=300, help_text="The column header it was first seen as.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name", "unit"], name="attribute_name_unit_per_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


class PropertySetDefinition(models.Model):
    """A table, a list or a gallery. The one with an empty name and kind media is the column
    `Media Paths` itself, so that every media link has a definition (see `MediaLink`)."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=5, choices=SetKind)
    name = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()
    header = models.CharField(max_length=300, help_text="The column header it was first seen as.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "name"], name="property_set_name_per_account"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=SetKind.values), name="property_set_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Media Paths"


class TableEntryDefinition(models.Model):
    """One line of a property set table, such as `rated speed` in `m³/min`."""

    property_set = models.ForeignKey(
        PropertySetDefinition, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    key = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField()
    header = models.CharField(max_length=300, help_text="The column header it was first seen as.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["property_set", "key", "unit"], name="table_entry_key_unit_per_set"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.unit})" if self.unit else self.key
