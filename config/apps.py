"""The assembly as a Django application: it brings the commands that run the whole."""

from datetime import timedelta

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Application"

    def ready(self) -> None:
        """Rooms of one floor know nothing of each other: what joins two of them stands here."""
        from jobs import periodic
        from platform_api.idempotency import forget_expired

        periodic.register("platform_api.forget_expired", timedelta(hours=1), forget_expired)
