"""What an upload must remember of its earlier rows so that later batches judge as one batch would.

Read by resume, by dry runs (whose effects are rolled back) and by child uploads.
"""

from django.db import models


class ProductDecision(models.Model):
    """The first accepted row of a product in a file decides its product columns.

    A correction, retry or fix goes by what its line has decided before, and adds its own. `cells`
    is `{field: text}` as in that row.
    """

    pk = models.CompositePrimaryKey("upload_id", "is_dry", "product_key")
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,  # as in the row ledger
    )
    is_dry = models.BooleanField(default=False)
    product_key = models.CharField(max_length=500)
    row = models.PositiveIntegerField()
    cells = models.JSONField()

    def __str__(self) -> str:
        return f"{self.product_key}: row {self.row}"


class GtinClaim(models.Model):
    """During a dry run: an earlier row gave this GTIN to a SKU, or (null) took it away."""

    pk = models.CompositePrimaryKey("upload_id", "gtin", "row")
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    gtin = models.CharField(max_length=14)
    row = models.PositiveIntegerField()
    sku = models.CharField(max_length=200, null=True)

    def __str__(self) -> str:
        return f"{self.gtin}: row {self.row}"


class Departure(models.Model):
    """A variant that a row moved to another product: finishing looks for what it left empty."""

    pk = models.CompositePrimaryKey("upload_id", "from_product_id", "variant_id")
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    from_product_id = models.BigIntegerField()
    variant_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.variant_id} left {self.from_product_id}"


class NewLocation(models.Model):
    """The first row of a stock file that names a location which is not there yet."""

    pk = models.CompositePrimaryKey("upload_id", "is_dry", "key")
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,  # as in the row ledger
    )
    is_dry = models.BooleanField(default=False)
    key = models.CharField(max_length=300)
    name = models.CharField(max_length=100)
    row = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: row {self.row}"


class UploadStart(models.Model):
    """What there was before an all-or-nothing upload: `newest_ids` is `{table: highest id}`.

    Should it fail late, shelves, definitions and media that came later and that nothing uses are
    taken away with it.
    """

    upload = models.OneToOneField(
        "bulk_uploads.BulkUpload", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    newest_ids = models.JSONField()

    def __str__(self) -> str:
        return f"before upload {self.upload_id}"
