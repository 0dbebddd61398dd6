"""The bulk_uploads room as a Django application."""

from django.apps import AppConfig


class BulkUploadsConfig(AppConfig):
    name = "bulk_uploads"
    verbose_name = "Imports"
    default_auto_field = "django.db.models.BigAutoField"
