"""The admin pages of the catalog, and where they show what a catalog file's rows became."""

from bulk_uploads.admin import object_pages
from catalog.admin.media_asset import MediaAssetAdmin
from catalog.admin.product import ProductAdmin
from catalog.admin.shelves import CategoryAdmin, CollectionAdmin, TagAdmin
from catalog.admin.upload_filter import UPLOADS_OF_VARIANTS
from catalog.admin.variant import VariantAdmin

for _name in UPLOADS_OF_VARIANTS:
    object_pages.register(
        _name,
        object_pages.ObjectPages(
            noun="variants",
            change="admin:catalog_variant_change",
            changelist="admin:catalog_variant_changelist",
        ),
    )

__all__ = [
    "CategoryAdmin",
    "CollectionAdmin",
    "MediaAssetAdmin",
    "ProductAdmin",
    "TagAdmin",
    "VariantAdmin",
]
