"""The imagery room as a Django application."""

from django.apps import AppConfig


class ImageryConfig(AppConfig):
    name = "imagery"
    verbose_name = "Imagery"
    default_auto_field = "django.db.models.BigAutoField"
