"""The change log: what changed of a product or variant, and which row, person or undo did it."""

from django.db import models
from django.db.models import Q

from bulk_uploads.models import AuthoredChange


class ObjectKind(models.IntegerChoices):
    PRODUCT = 1, "product"
    VARIANT = 2, "variant"


class Action(models.IntegerChoices):
    CREATED = 1, "created"
    UPDATED = 2, "updated"
    DELETED = 3, "deleted"


class Change(AuthoredChange):
    """`fields` is `{field: [before, after]}` of what changed.

    What a file creates has no change of its own: the row ledger tells of it (null
    `last_change_id` on the object means "as created"). A deletion holds everything the object was.
    An undo's changes name the upload that was taken back, and beside it who asked for that; where
    an undo brings back what the upload removed, that is a creation.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.PositiveSmallIntegerField(choices=ObjectKind)
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=500, blank=True, help_text="Name of a deleted object.")
    action = models.PositiveSmallIntegerField(choices=Action)
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
