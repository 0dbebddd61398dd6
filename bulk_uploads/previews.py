"""The preview of a dry run: kept in the transaction of each batch, read by pages and programs."""

from bulk_uploads.models import BulkUpload, Preview
from bulk_uploads.preview_notes import PreviewNotes


def notes_of(upload: BulkUpload) -> PreviewNotes:
    """So far, for a dry run that has not ended; empty for any other upload."""
    stored = Preview.objects.filter(upload=upload).values_list("notes", flat=True).first()
    return PreviewNotes.from_document(stored or {})


class PreviewKeeper:
    """Knows the notes as committed, and those of the batch that is about to be."""

    def __init__(self, upload: BulkUpload) -> None:
        self._upload_id = upload.pk
        self._committed = notes_of(upload)
        self._written = self._committed

    def write(self, notes: PreviewNotes | None) -> None:
        """Add the notes of a batch; most of a file that changes little has none."""
        self._written = self._committed
        if not notes:
            return
        self._written = self._committed + notes
        Preview.objects.bulk_create(
            [Preview(upload_id=self._upload_id, notes=self._written.as_document())],
            update_conflicts=True,
            unique_fields=["upload"],
            update_fields=["notes"],
        )

    def take_over(self) -> None:
        """The batch is committed."""
        self._committed = self._written
