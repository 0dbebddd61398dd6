"""Which row of a first upload a later one has taken in its place: that row's issues are closed."""

from django.db import models

from bulk_uploads.models.bulk_upload import BulkUpload


class RowCorrection(models.Model):
    """Written with the later row's effects, in one transaction; the first upload stays as it is.

    `upload` is always the root of a line, so that what a correction of a correction or a retry of
    a retry takes closes the issues of all of them.
    """

    pk = models.CompositePrimaryKey("upload_id", "row")
    upload = models.ForeignKey(
        BulkUpload,
        on_delete=models.CASCADE,
        related_name="corrections",
        db_index=False,
        db_constraint=False,  # as in the row ledger
    )
    row = models.PositiveIntegerField()
    corrected_by = models.ForeignKey(
        BulkUpload, on_delete=models.CASCADE, related_name="corrected_rows", db_constraint=False
    )
    corrected_row = models.PositiveIntegerField(help_text="The row's number in that upload.")

    def __str__(self) -> str:
        return f"row {self.row} by row {self.corrected_row} of upload {self.corrected_by_id}"
