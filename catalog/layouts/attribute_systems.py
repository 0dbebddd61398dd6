"""Magento, Bagisto and UnoPim: systems whose rows have a type, a parent, and attributes at will."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalog.layouts.cell_texts import shelves
from catalog.layouts.file_columns import FileColumns

_PATHS: Final = re.compile(r"[\n|]")
_ROOT: Final = "Default Category"
_SIMPLE_TYPES: Final = frozenset({"simple", "virtual", "downloadable", "grouped", "bundle"})
_SOLD_ALONE: Final = frozenset({"booking"})

_SHARED_SYSTEM_COLUMNS: Final = (
    "short_description url_key meta_title meta_keywords meta_description special_price_from "
    "special_price_to related_skus weight cost new"
)
_MAGENTO_SYSTEM_COLUMNS: Final = (
    "product_websites tax_class_name visibility special_price_from_date special_price_to_date "
    "base_image_label small_image small_image_label thumbnail_image thumbnail_image_label "
    "swatch_image swatch_image_label created_at updated_at new_from_date new_to_date "
    "display_product_options_in map_price msrp_price map_enabled gift_message_available "
    "custom_design custom_design_from custom_design_to custom_layout_update page_layout "
    "product_options_container msrp_display_actual_price_type country_of_manufacture qty "
    "out_of_stock_qty use_config_min_qty is_qty_decimal allow_backorders use_config_backorders "
    "min_cart_qty use_config_min_sale_qty max_cart_qty use_config_max_sale_qty is_in_stock "
    "notify_on_stock_below use_config_notify_stock_qty manage_stock use_config_manage_stock "
    "use_config_qty_increments qty_increments use_config_enable_qty_inc enable_qty_increments "
    "is_decimal_divided website_id deferred_stock_update use_config_deferred_stock_update "
    "related_position crosssell_skus crosssell_position upsell_skus upsell_position "
    "additional_image_labels hide_from_product_page custom_options bundle_price_type "
    "bundle_sku_type bundle_price_view bundle_weight_type bundle_values bundle_shipment_type "
    "configurable_variation_labels associated_skus downloadable_links downloadable_samples "
    "attribute_set attribute_set_code sale meta_keyword"
)
_BAGISTO_SYSTEM_COLUMNS: Final = (
    "attribute_family_code visible_individually featured guest_checkout length width height "
    "tax_category_name customer_group_prices manage_stock inventories cross_sell_skus "
    "up_sell_skus bundle_options associated_skus booking_options product_number"
)
_UNOPIM_SYSTEM_COLUMNS: Final = (
    "attribute_family product_number product_status up_sells cross_sells related_products"
)


def _paths(text: str) -> list[str]:
    parts = _PATHS.split(text) if _PATHS.search(text) else text.split(",")
    paths = []
    for part in parts:
        levels = [level.strip() for level in part.split("/") if level.strip()]
        if len(levels) > 1 and levels[0] == _ROOT:
            levels = levels[1:]
        paths.append("/".join(levels))
    return paths


def place_in_shop(text: str) -> tuple[str, str]:
    """Category path and collections of a cell with the paths of several categories."""
    return shelves(_paths(text))


@dataclass(frozen=True, slots=True)
class AttributeSystem:
    """The names one system gives its columns. `scopes` tell a translation from the row itself;
    where `scopes_are_translations`, that one has none.

    `types` are those of rows that stand for something sold; None: any but a configurable one.
    """

    name: str
    label: str
    recognised_by: tuple[str, ...]
    system_columns: frozenset[str]
    type: str = "type"
    types: frozenset[str] | None = None
    scopes: tuple[str, ...] = ()
    scopes_are_translations: bool = False
    parent: str = ""
    variations: str = ""
    axes: str = ""
    packed_attributes: str = ""
    categories: str = "categories"
    active: str = "status"
    price: tuple[str, ...] = ("price",)
    special_from: tuple[str, ...] = ("special_price_from",)
    special_to: tuple[str, ...] = ("special_price_to",)
    pictures: tuple[str, ...] = ("images",)
    also_recognised_by: tuple[str, ...] = field(default=())

    def is_of(self, columns: FileColumns) -> bool:
        other = self.also_recognised_by
        return columns.has(*self.recognised_by) or (bool(other) and columns.has(*other))


def _names(*texts: str) -> frozenset[str]:
    return frozenset(name for text in texts for name in text.split())


MAGENTO: Final = AttributeSystem(
    name="magento_products",
    label="Magento products",
    recognised_by=("sku", "name", "product_type", "attribute_set_code"),
    # The shape of Magento's own sample data.
    also_recognised_by=("sku", "name", "category", "attribute_set", "price", "qty"),
    system_columns=_names(_SHARED_SYSTEM_COLUMNS, _MAGENTO_SYSTEM_COLUMNS),
    type="product_type",
    scopes=("store_view_code",),
    scopes_are_translations=True,
    variations="configurable_variations",
    packed_attributes="additional_attributes",
    active="product_online",
    special_from=("special_price_from_date", "special_from_date"),
    special_to=("special_price_to_date", "special_to_date"),
    pictures=("base_image", "additional_images"),
)
BAGISTO: Final = AttributeSystem(
    name="bagisto_products",
    label="Bagisto products",
    recognised_by=("sku", "attribute_family_code", "type", "url_key"),
    system_columns=_names(_SHARED_SYSTEM_COLUMNS, _BAGISTO_SYSTEM_COLUMNS),
    types=_SIMPLE_TYPES | _SOLD_ALONE,
    scopes=("channel", "locale"),
    parent="parent_sku",
    variations="configurable_variants",
)
UNOPIM: Final = AttributeSystem(
    name="unopim_products",
    label="UnoPim products",
    recognised_by=("sku", "channel", "locale", "type", "attribute_family"),
    system_columns=_names(_SHARED_SYSTEM_COLUMNS, _UNOPIM_SYSTEM_COLUMNS),
    types=_SIMPLE_TYPES,
    scopes=("channel", "locale"),
    parent="parent",
    axes="configurable_attributes",
    price=("price ({currency})", "price"),
    pictures=("image", "images"),
)

_PAIR: Final = re.compile(
    r"(?:^|,)\s*(?P<name>[A-Za-z]\w*)="
    r'(?P<value>"(?:[^"]|"")*"(?=\s*(?:,|$))|.*?)(?=,\s*[A-Za-z]\w*=|$)',
    re.DOTALL,
)


def pairs(text: str) -> dict[str, str]:
    """`color=Red,size=M`: values may hold commas, and may be quoted."""
    return {match["name"]: _unquoted(match["value"].strip()) for match in _PAIR.finditer(text)}


def _unquoted(value: str) -> str:
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        return value[1:-1].replace('""', '"')
    return value


def variations(text: str) -> dict[str, Mapping[str, str]]:
    """`sku=A,color=Red|sku=B,color=Blue`: the values by SKU."""
    found: dict[str, Mapping[str, str]] = {}
    for part in text.split("|"):
        values = pairs(part)
        if sku := values.pop("sku", ""):
            found[sku] = values
    return found
