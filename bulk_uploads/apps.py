"""The bulk_uploads room as a Django application."""

from django.apps import AppConfig


class BulkUploadsConfig(AppConfig):
    name = "bulk_uploads"
    verbose_name = "Imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bulk_uploads.echo import EchoProcessor
        from bulk_uploads.ending import after_end
        from bulk_uploads.processors import register
        from bulk_uploads.state_machine import ENDED_FOLLOW_UP
        from bulk_uploads.undo_ending import after_undo
        from bulk_uploads.undo_tasks import UNDONE_FOLLOW_UP
        from jobs import followups

        register(EchoProcessor())
        followups.register(ENDED_FOLLOW_UP, after_end)
        followups.register(UNDONE_FOLLOW_UP, after_undo)
