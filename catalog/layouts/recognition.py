"""Which layout a header is of."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from bulk_uploads.layouts import Layout
from catalog.layouts.attribute_system_products import AttributeSystemProducts
from catalog.layouts.attribute_systems import BAGISTO, MAGENTO, UNOPIM
from catalog.layouts.base import LayoutContext
from catalog.layouts.file_columns import FileColumns
from catalog.layouts.google_merchant import GoogleMerchantProducts, is_google_merchant
from catalog.layouts.medusa import MedusaProducts, is_medusa
from catalog.layouts.shopify import ShopifyProducts, is_shopify
from catalog.layouts.woocommerce import WooCommerceProducts, is_woocommerce

_KNOWN: Final[Sequence[tuple[Callable[[FileColumns], bool], Callable[..., Layout]]]] = (
    (is_shopify, ShopifyProducts),
    (is_woocommerce, WooCommerceProducts),
    (is_google_merchant, GoogleMerchantProducts),
    (is_medusa, MedusaProducts),
    *(
        (system.is_of, partial(AttributeSystemProducts, system=system))
        for system in (MAGENTO, BAGISTO, UNOPIM)
    ),
)


def recognise(header: Sequence[str], context: LayoutContext) -> Layout | None:
    """None for a file that is to be taken as its header says."""
    columns = FileColumns(header)
    for is_of, layout in _KNOWN:
        if is_of(columns):
            return layout(columns, context)
    return None
