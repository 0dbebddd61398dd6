"""The catalog room as a Django application."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bulk_uploads import imports
        from bulk_uploads.processors import register
        from catalog.importing.processor import CatalogProcessor
        from catalog.media_fetching import waking
        from catalog.stock.processor import StockProcessor

        processor = CatalogProcessor()
        register(processor)
        register(StockProcessor())
        imports.register(processor)
        waking.register()
