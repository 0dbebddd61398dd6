"""A row that came out otherwise than the preview, from which its upload was started, foretold."""

from django.db import models

from bulk_uploads.models.bulk_upload import BulkUpload
from bulk_uploads.models.states import Outcome


class RowDifference(models.Model):
    """`expected_outcome` is null for a row that the preview does not know.

    Of a strict upload these are rows of the batch that was not written because of them.
    """

    pk = models.CompositePrimaryKey("upload_id", "row")
    upload = models.ForeignKey(
        BulkUpload,
        on_delete=models.CASCADE,
        related_name="differences",
        db_index=False,
        db_constraint=False,  # as in the row ledger
    )
    row = models.PositiveIntegerField()
    expected_key = models.CharField(max_length=255, null=True)
    expected_outcome = models.PositiveSmallIntegerField(choices=Outcome, null=True)
    key = models.CharField(max_length=255, null=True)
    outcome = models.PositiveSmallIntegerField(choices=Outcome)

    class Meta:
        ordering = ["upload_id", "row"]

    def __str__(self) -> str:
        return f"row {self.row}"
