"""The log of changes to pincodes: what changed, and which row or undo did it."""

from django.db import models
from django.db.models import Q

from bulk_uploads.models import AuthoredChange


class PincodeAction(models.IntegerChoices):
    CREATED = 1, "created"
    UPDATED = 2, "updated"
    UNLISTED = 3, "taken off the list"
    UNDONE = 4, "undone"


class PincodeChange(AuthoredChange):
    """`fields` is `{field: [before, after]}`, null for a creation. It outlives its pincode.

    That of an undo names the upload that was taken back, and beside it who asked for that.
    """

    object_id = models.BigIntegerField()
    action = models.PositiveSmallIntegerField(choices=PincodeAction)
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
