"""What an upload takes over once its file turns out to be a correction file."""

from collections.abc import Sequence
from typing import Any

from bulk_uploads.corrections.line import root_id_of
from bulk_uploads.corrections.token import find_token
from bulk_uploads.models import BulkUpload, Level, Relation
from bulk_uploads.options import options_for_part
from bulk_uploads.processors import Issue


def adopted_fields(upload: BulkUpload, *, corrects: BulkUpload | None) -> dict[str, Any]:
    """Fields of the upload that follow from the one its token names; none without a token.

    One that has a parent already (a fix, a retry, the import of a dry run) keeps its options.
    """
    if corrects is None:
        return {}
    root = {"root_id": root_id_of(corrects)}
    if upload.parent_id is not None:
        return root
    asked = {name: value for name, value in upload.options.items() if name == "dry_run"}
    return root | {
        "parent_id": corrects.pk,
        "relation": Relation.CORRECTION,
        "processor_name": corrects.processor_name,
        "saved_mapping_id": corrects.saved_mapping_id,
        "options": options_for_part(corrects.options) | asked,
    }


def token_warnings(header: Sequence[str], *, header_row: int) -> list[Issue]:
    """For a header that still holds a token once it is read: not one made here for this account."""
    token = find_token(header)
    if token is None:
        return []
    message = (
        "This column names a correction file, but none that was made for an upload of this "
        "account. All rows are taken as they stand, and close no issues of another upload."
    )
    name = header[token.place]
    return [Issue(header_row, name, name, Level.WARNING, "unknown_correction_token", message)]
