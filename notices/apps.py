"""The notices room as a Django application."""

from datetime import timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "Notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jobs import followups, periodic
        from notices.mailing import MAIL_FOLLOW_UP, mail_notice
        from notices.retention import forget_old_notices

        followups.register(MAIL_FOLLOW_UP, mail_notice)
        periodic.register("notices.forget_old", timedelta(hours=1), forget_old_notices)
