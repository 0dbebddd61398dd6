"""What is wrong with a row (without a number: with the whole file), and what was expected."""

from django.db import models

from bulk_uploads.models.bulk_upload import BulkUpload
from bulk_uploads.models.states import Level


class RowIssue(models.Model):
    upload = models.ForeignKey(
        BulkUpload, on_delete=models.CASCADE, related_name="issues", db_index=False
    )
    is_dry = models.BooleanField(default=False, help_text="Found in a pass that was rolled back.")
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=300, blank=True)
    value = models.CharField(max_length=300, blank=True)
    level = models.CharField(max_length=7, choices=Level)
    code = models.CharField(max_length=40)
    message = models.TextField()

    class Meta:
        ordering = ["row", "id"]
        indexes = [
            models.Index(fields=["upload", "row", "id"], name="rowissue_upload_row"),
        ]

    def __str__(self) -> str:
        return self.message
