"""The admin pages of bulk uploads."""

from bulk_uploads.admin.bulk_upload import BulkUploadAdmin
from bulk_uploads.admin.saved_mapping import SavedMappingAdmin

__all__ = ["BulkUploadAdmin", "SavedMappingAdmin"]
