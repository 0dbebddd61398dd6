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
        from catalog.stock.holding import stocked
        from catalog.stock.processor import StockProcessor
        from catalog.undoing import holds

        processor = CatalogProcessor()
        register(processor)
        register(StockProcessor())
        imports.register(processor)
        waking.register()
        holds.register(stocked)
