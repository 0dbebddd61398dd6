"""Which layout a header is of."""

from collections.abc import Callable, Sequence

from bulk_uploads.layouts import Layout
from catalog.layouts.base import LayoutContext
from catalog.layouts.file_columns import FileColumns
from catalog.layouts.shopify import ShopifyProducts, is_shopify

_KNOWN: tuple[tuple[Callable[[FileColumns], bool], Callable[..., Layout]], ...] = (
    (is_shopify, ShopifyProducts),
)


def recognise(header: Sequence[str], context: LayoutContext) -> Layout | None:
    """None for a file that is to be taken as its header says."""
    columns = FileColumns(header)
    for is_of, layout in _KNOWN:
        if is_of(columns):
            return layout(columns, context)
    return None
