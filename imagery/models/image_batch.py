"""Many image jobs asked for at once, and the pilot that goes ahead of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class BatchState(models.TextChoices):
    """Jobs beyond the pilot are held until a person has released the batch, or dropped it."""

    PILOT = "pilot", "Pilot"
    RELEASED = "released", "Released"
    DROPPED = "dropped", "Dropped"


class ImageBatch(models.Model):
    """The estimates, in micro-units, are of all its jobs, made before the first call.

    `pilot_size` SKUs go first; 0 means that there is no pilot and all go at once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="image_batches", db_index=False
    )
    recipe_version = models.ForeignKey(
        "imagery.RecipeVersion", on_delete=models.PROTECT, related_name="batches"
    )
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.RELEASED)
    pilot_size = models.PositiveIntegerField(default=0)
    replanned_to = models.BigIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="The last job of an earlier version that was planned anew.",
    )
    estimated_minimum_micros = models.BigIntegerField(default=0)
    estimated_expected_micros = models.BigIntegerField(default=0)
    estimated_maximum_micros = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "image batches"
        indexes = [models.Index(fields=["account", "-id"], name="imagebatch_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="imagebatch_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="pilot") | Q(pilot_size__gte=1),
                name="imagebatch_pilot_has_a_size",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.pk}"
