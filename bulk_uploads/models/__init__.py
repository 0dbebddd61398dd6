"""Uploaded files, bulk uploads, and what became of each of their rows."""

from bulk_uploads.models.authored_change import AuthoredChange
from bulk_uploads.models.bulk_upload import BulkUpload
from bulk_uploads.models.preview import Preview
from bulk_uploads.models.row_correction import RowCorrection
from bulk_uploads.models.row_difference import RowDifference
from bulk_uploads.models.row_issue import RowIssue
from bulk_uploads.models.row_origin import RowOrigin
from bulk_uploads.models.row_result import RowResult
from bulk_uploads.models.saved_mapping import SavedMapping
from bulk_uploads.models.states import ENDED, Level, Outcome, Phase, Relation, Status
from bulk_uploads.models.upload_undo import UndoKept, UploadUndo
from bulk_uploads.models.uploaded_file import UploadedFile

__all__ = [
    "ENDED",
    "AuthoredChange",
    "BulkUpload",
    "Level",
    "Outcome",
    "Phase",
    "Preview",
    "Relation",
    "RowCorrection",
    "RowDifference",
    "RowIssue",
    "RowOrigin",
    "RowResult",
    "SavedMapping",
    "Status",
    "UndoKept",
    "UploadUndo",
    "UploadedFile",
]
