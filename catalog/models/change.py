"""The change log: what changed of a product or variant, and which row, person or undo did it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ObjectKind(models.IntegerChoices):
    PRODUCT = 1, "product"
    VARIANT = 2, "variant"


class Action(models.IntegerChoices):
    CREATED = 1, "created"
    UPDATED = 2, "updated"
    DELETED = 3, "deleted"


class Change(models.Model):
    """`fields` is `{field: [before, after]}` of what changed.

    What a file creates has no change of its own: the row ledger tells of it (null
    `last_change_id` on the object means "as created"). A deletion holds everything the object was.
    An undo's changes name the upload that was taken back, and beside it who asked for that; where
    an undo brings back what the upload removed, that is a creation.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.PositiveSmallIntegerField(choices=ObjectKind)
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=500, blank=True, help_text="Name of a deleted object.")
    action = models.PositiveSmallIntegerField(choices=Action)
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
        help_text="The upload that was taken back by this change.",
    )
    at = models.DateTimeField()
    fields = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "object_id", "id"], name="change_of_object"),
            models.Index(
                fields=["upload", "id"], name="change_of_upload", condition=Q(upload__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.object_id} {self.get_action_display()}"
