"""The admin pages of the catalog, and where they show what a catalog file's rows became."""

from bulk_uploads.admin import object_pages
from catalog.admin.location import LocationAdmin
from catalog.admin.media_asset import MediaAssetAdmin
from catalog.admin.product import ProductAdmin
from catalog.admin.shelves import CategoryAdmin, CollectionAdmin, TagAdmin
from catalog.admin.stock_level import StockLevelAdmin
from catalog.admin.upload_filter import UPLOADS_OF_VARIANTS
from catalog.admin.variant import VariantAdmin
from catalog.stock.processor import STOCK_PROCESSOR

for _name in UPLOADS_OF_VARIANTS:
    object_pages.register(
        _name,
        object_pages.ObjectPages(
            noun="variants",
            change="admin:catalog_variant_change",
            changelist="admin:catalog_variant_changelist",
        ),
    )
# A row of a stock file is about a variant, whose page shows its stock.
object_pages.register(
    STOCK_PROCESSOR,
    object_pages.ObjectPages(
        noun="stock levels",
        change="admin:catalog_variant_change",
        changelist="admin:catalog_stocklevel_changelist",
    ),
)

__all__ = [
    "CategoryAdmin",
    "CollectionAdmin",
    "LocationAdmin",
    "MediaAssetAdmin",
    "ProductAdmin",
    "StockLevelAdmin",
    "TagAdmin",
    "VariantAdmin",
]
