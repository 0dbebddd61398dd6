"""Which row of the first upload a row of a correction stands for."""

from django.db import models

from bulk_uploads.models.bulk_upload import BulkUpload


class RowOrigin(models.Model):
    """Only where the two may differ: the rows of a retry have the numbers of what it retries.

    A row that somebody added to a correction file has none.
    """

    pk = models.CompositePrimaryKey("upload_id", "row")
    upload = models.ForeignKey(
        BulkUpload,
        on_delete=models.CASCADE,
        related_name="row_origins",
        db_index=False,
        db_constraint=False,  # as in the row ledger
    )
    row = models.PositiveIntegerField()
    root_row = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"row {self.row} is row {self.root_row}"
