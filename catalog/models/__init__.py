"""Products, variants, their property sets, shelves and media, and the log of every change."""

from catalog.models.change import Action, Change, ObjectKind
from catalog.models.full_feed import FullFeed
from catalog.models.media import AssetState, MediaAsset, MediaLink
from catalog.models.media_fetching import MediaFetching
from catalog.models.media_file import MediaFile
from catalog.models.product import Product, ProductCollection, ProductTag
from catalog.models.property_set import (
    AttributeDefinition,
    PropertySetDefinition,
    SetKind,
    TableEntryDefinition,
)
from catalog.models.stock import Location, MovementKind, StockLevel, StockMovement
from catalog.models.taxonomy import Category, Collection, Tag
from catalog.models.upload_memory import (
    Departure,
    GtinClaim,
    NewLocation,
    ProductDecision,
    UploadStart,
)
from catalog.models.variant import Variant

__all__ = [
    "Action",
    "AssetState",
    "AttributeDefinition",
    "Category",
    "Change",
    "Collection",
    "Departure",
    "FullFeed",
    "GtinClaim",
    "Location",
    "MediaAsset",
    "MediaFetching",
    "MediaFile",
    "MediaLink",
    "MovementKind",
    "NewLocation",
    "ObjectKind",
    "Product",
    "ProductCollection",
    "ProductDecision",
    "ProductTag",
    "PropertySetDefinition",
    "SetKind",
    "StockLevel",
    "StockMovement",
    "TableEntryDefinition",
    "Tag",
    "UploadStart",
    "Variant",
]
