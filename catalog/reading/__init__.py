"""Reading the catalog: a page of products or variants in a fixed number of queries.

Rows come from `.values_list()`, never as model instances: building those is what costs a list
its time. What is structured (attributes, property sets, media) comes as typed dictionaries,
which the API encodes as they are.
"""

from catalog.reading.definitions import (
    AttributeInfo,
    Definitions,
    EntryInfo,
    SetInfo,
    load_definitions,
)
from catalog.reading.media import MediaItem, VariantMedia, media_of_variants
from catalog.reading.products import (
    ProductFilter,
    ProductPage,
    ProductRow,
    ProductRows,
    find_products,
    matching_products,
    product_by_uuid,
    read_page,
)
from catalog.reading.qa_statuses import NOT_REQUESTED, qa_statuses
from catalog.reading.structure import (
    AttributeValue,
    ListSet,
    MediaSet,
    PropertySet,
    Structure,
    TableEntry,
    TableSet,
)
from catalog.reading.variants import (
    VariantOfProduct,
    VariantRow,
    variant_by_sku,
    variants_of_products,
)

__all__ = [
    "NOT_REQUESTED",
    "AttributeInfo",
    "AttributeValue",
    "Definitions",
    "EntryInfo",
    "ListSet",
    "MediaItem",
    "MediaSet",
    "ProductFilter",
    "ProductPage",
    "ProductRow",
    "ProductRows",
    "PropertySet",
    "SetInfo",
    "Structure",
    "TableEntry",
    "TableSet",
    "VariantMedia",
    "VariantOfProduct",
    "VariantRow",
    "find_products",
    "load_definitions",
    "matching_products",
    "media_of_variants",
    "product_by_uuid",
    "qa_statuses",
    "read_page",
    "variant_by_sku",
    "variants_of_products",
]
