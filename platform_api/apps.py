"""The platform_api room as a Django application."""

from django.apps import AppConfig


class PlatformApiConfig(AppConfig):
    name = "platform_api"
    verbose_name = "Platform API"
    default_auto_field = "django.db.models.BigAutoField"
