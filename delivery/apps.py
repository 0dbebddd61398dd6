"""The delivery room as a Django application."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = "Delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bulk_uploads.processors import register
        from delivery.importing.processor import BluedartPincodeProcessor

        register(BluedartPincodeProcessor())
