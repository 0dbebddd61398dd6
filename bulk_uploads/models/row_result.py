"""The row ledger: one narrow row a file row, so that resume is exact and duplicates are seen."""

from django.db import models

from bulk_uploads.models.bulk_upload import BulkUpload
from bulk_uploads.models.states import Outcome


class RowResult(models.Model):
    """`is_dry` rows come from a pass whose effects were rolled back.

    `key` is what the row was resolved to (for a catalog file its SKU); null where it has none, or
    where an earlier row of the file already holds it.
    """

    pk = models.CompositePrimaryKey("upload_id", "is_dry", "row")
    upload = models.ForeignKey(
        BulkUpload,
        on_delete=models.CASCADE,
        related_name="row_results",
        db_index=False,
        # The upload's own fenced update in the same transaction says that it is there; a trigger
        # a row would ask the same question 100,000 times.
        db_constraint=False,
    )
    is_dry = models.BooleanField(default=False)
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=255, null=True)
    outcome = models.PositiveSmallIntegerField(choices=Outcome)
    object_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "is_dry", "key"], name="rowresult_key_once_per_upload"
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.row}"
