"""The imagery room as a Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_delete


class ImageryConfig(AppConfig):
    name = "imagery"
    verbose_name = "Imagery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bulk_uploads.processors import register as register_processor
        from catalog.reading.published_media import register as register_published_media
        from catalog.reading.qa_statuses import register as register_qa_statuses
        from imagery.batches.processor import ImageBatchProcessor
        from imagery.checks import checking, late_photos
        from imagery.checks.delivered_profiles import write_delivered_profiles
        from imagery.engine import sweeping, waking
        from imagery.following import registration
        from imagery.hooks import requesting
        from imagery.hooks import tidying as hook_tidying
        from imagery.image_sets.stored_status import stored_statuses
        from imagery.models import PriceRow
        from imagery.money import due_again
        from imagery.money.delivered_prices import write_delivered_prices
        from imagery.money.price_changes import price_saved
        from imagery.providers import registry
        from imagery.recipes import defaults
        from imagery.renditions import publishing, tidying
        from imagery.renditions.catalog_media import ApprovedImages
        from imagery.review import automatic, redoing, standing
        from imagery.review.signals import approval_withdrawn, image_approved
        from imagery.studio.provider import the_studio

        register_qa_statuses(stored_statuses)
        post_migrate.connect(write_delivered_prices, sender=self)
        post_migrate.connect(write_delivered_profiles, sender=self)
        checking.register()
        late_photos.register()
        registry.register("studio", the_studio)
        defaults.register()
        waking.register()
        due_again.register()
        sweeping.register()
        image_approved.connect(publishing.receive_approval)
        approval_withdrawn.connect(publishing.receive_withdrawal)
        pre_delete.connect(tidying.receive_deletion, sender="accounts.Account")
        register_published_media(ApprovedImages())
        tidying.register()
        register_processor(ImageBatchProcessor())
        requesting.register()
        hook_tidying.register()
        registration.register()
        standing.register()
        redoing.register()
        automatic.register()
        post_save.connect(price_saved, sender=PriceRow, dispatch_uid="imagery.price_saved")
