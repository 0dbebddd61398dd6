"""The assembly as a Django application: it brings the commands that run the whole."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Application"
