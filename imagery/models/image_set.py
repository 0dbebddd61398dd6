"""Which pictures a SKU needs, and how it stands with them."""

from django.db import models
from django.db.models import Q

from imagery.models.role import Role


class ImageSetRule(models.Model):
    """SKUs of the category, and of what lies below it, need the role; without a category, all that
    no rule of a category covers."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="image_set_rules"
    )
    category = models.ForeignKey(
        "catalog.Category", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        ordering = ["category_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "category", "role"],
                name="imagesetrule_once",
            ),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(category=None),
                name="imagesetrule_default_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="imagesetrule_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class QaStatus(models.TextChoices):
    """Of a SKU: that of its worst required role."""

    NOT_REQUESTED = "not_requested", "Not requested"
    GENERATING = "generating", "Generating"
    PENDING_REVIEW = "pending_review", "To review"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    MISSING_IMAGE = "missing_image", "Missing image"


class SkuImagery(models.Model):
    """Computed in one place, stored for filtering. A SKU without a row is `not_requested`.

    `roles` gives the status of each required role, by its name.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="sku_imagery", db_index=False
    )
    sku = models.CharField("SKU", max_length=200)
    qa_status = models.CharField(
        "QA status", max_length=20, choices=QaStatus, default=QaStatus.NOT_REQUESTED
    )
    roles = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "SKU imagery"
        indexes = [models.Index(fields=["account", "qa_status", "sku"], name="skuimagery_status")]
        constraints = [
            models.UniqueConstraint(fields=["account", "sku"], name="skuimagery_once_per_sku"),
            models.CheckConstraint(
                condition=Q(qa_status__in=QaStatus.values), name="skuimagery_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.get_qa_status_display()}"


class MissingImage(SkuImagery):
    """A SKU for which every provider was asked in vain: a line of the worklist."""

    class Meta:
        proxy = True
        verbose_name = "missing image"
        verbose_name_plural = "missing images"
