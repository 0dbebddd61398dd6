"""The admin pages of bulk uploads."""

from bulk_uploads.admin.bulk_upload import BulkUploadAdmin

__all__ = ["BulkUploadAdmin"]
