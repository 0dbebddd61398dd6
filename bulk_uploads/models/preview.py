"""What a dry run found that an import would change, beside its counts, ledger and issues."""

from django.db import models

from bulk_uploads.models.bulk_upload import BulkUpload


class Preview(models.Model):
    """`notes` is a document of bounded size, see `bulk_uploads.preview_notes`."""

    upload = models.OneToOneField(
        BulkUpload, on_delete=models.CASCADE, primary_key=True, related_name="preview"
    )
    notes = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Preview of upload {self.upload_id}"
