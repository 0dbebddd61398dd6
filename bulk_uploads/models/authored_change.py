"""Who changed something: a row of an upload, a person, a program, or an undo for one of them."""

from django.conf import settings
from django.db import models


class AuthoredChange(models.Model):
    """One entry of a log of changes, appended and never changed.

    That of an undo names the upload that was taken back, and beside it who asked for that.
    Without indexes of its own: each log has those that it is read by.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
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

    class Meta:
        abstract = True
