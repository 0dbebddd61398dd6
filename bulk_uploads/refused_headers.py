"""Uploads whose columns were not understood: saying what each column is leads on."""

from bulk_uploads.column_targets import OffersTargets
from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.models import BulkUpload, Level, Phase, RowIssue, Status
from bulk_uploads.processors import processor_named


def was_refused_by_header(upload: BulkUpload) -> bool:
    """Whether it failed for its header alone, before any row was looked at. One query at most."""
    if upload.status != Status.FAILURE or upload.phase != Phase.READING:
        return False
    errors = RowIssue.objects.filter(upload=upload, level=Level.ERROR, row=upload.header_row)
    return errors.exists()


def can_be_mapped(upload: BulkUpload) -> bool:
    """Whether a mapping of its columns may take the file after all.

    Who goes on with another upload goes on with its columns too.
    """
    try:
        processor = processor_named(upload.processor_name)
    except UnknownProcessor:
        return False
    offers = isinstance(processor, OffersTargets) and upload.root_id is None
    return offers and was_refused_by_header(upload)
