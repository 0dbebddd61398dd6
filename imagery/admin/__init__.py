"""The admin pages of imagery, and what it adds to those of the catalog and of uploads."""

from bulk_uploads.admin import object_pages, panels
from catalog.admin import additions
from imagery.admin import hook_endpoint, review_decision, review_ticket, sku_panel, upload_panel
from imagery.admin.asking import PERMISSION
from imagery.admin.budget import BudgetAdmin
from imagery.admin.channel_profile import ChannelProfileAdmin
from imagery.admin.generate_pages import generate_page
from imagery.admin.image_batch import ImageBatchAdmin
from imagery.admin.image_job import ImageJobAdmin
from imagery.admin.image_set_rules import ImageSetRuleAdmin
from imagery.admin.marketplace_set import MarketplaceSetPages, set_page
from imagery.admin.missing_images import MissingImagesAdmin
from imagery.admin.money_entry import MoneyEntryAdmin
from imagery.admin.price_row import PriceRowAdmin
from imagery.admin.provider_state import ProviderStateAdmin
from imagery.admin.recipe import RecipeAdmin
from imagery.admin.settings_page import ImagerySettingsAdmin
from imagery.admin.sku_imagery import SkuImageryAdmin
from imagery.batches.options import IMAGE_BATCH_PROCESSOR

additions.add_panel(sku_panel.panel)
panels.add_panel(upload_panel.panel)
additions.add_list_action(
    additions.ListAction("generate_images", "Generate images", PERMISSION, generate_page)
)
additions.add_list_action(
    additions.ListAction(
        "marketplace_set", "Download a marketplace set", "imagery.view_generatedimage", set_page
    )
)
object_pages.register(
    IMAGE_BATCH_PROCESSOR,
    object_pages.ObjectPages(
        noun="image jobs",
        change="admin:imagery_imagejob_change",
        changelist="admin:imagery_imagejob_changelist",
    ),
)

__all__ = [
    "BudgetAdmin",
    "ChannelProfileAdmin",
    "ImageBatchAdmin",
    "ImageJobAdmin",
    "ImageSetRuleAdmin",
    "ImagerySettingsAdmin",
    "MarketplaceSetPages",
    "MissingImagesAdmin",
    "MoneyEntryAdmin",
    "PriceRowAdmin",
    "ProviderStateAdmin",
    "RecipeAdmin",
    "SkuImageryAdmin",
    "hook_endpoint",
    "review_decision",
    "review_ticket",
]
