"""The log of changes to pincodes: what changed, and which row or undo did it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class PincodeAction(models.IntegerChoices):
    CREATED = 1, "created"
    UPDATED = 2, "updated"
    UNLISTED = 3, "taken off the list"
    UNDONE = 4, "undone"


class PincodeChange(models.Model):
    """`fields` is `{field: [before, after]}`, null for a creation. It outlives its pincode.

    That of an undo names the upload that was taken back, and beside it who asked for that.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    object_id = models.BigIntegerField()
    action = models.PositiveSmallIntegerField(choices=PincodeAction)
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    row = models.PositiveIntegerField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    token = models.ForeignKey(
        "accounts.ApiToken",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    undo_of = models.ForeignKey(
        "bulk_uploads.BulkUpload",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    fields = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["object_id", "id"], name="pincodechange_of_pincode"),
            models.Index(
                fields=["upload", "id"],
                name="pincodechange_of_upload",
                condition=Q(upload__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.get_action_display()}"
