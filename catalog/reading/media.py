"""Which pictures variants show, set by set, in order."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypedDict

from bulk_sql import tables


class MediaItem(TypedDict):
    """`url` is where we serve the picture ourselves; null until it is fetched."""

    source_url: str
    url: str | None
    state: str


#: Of one variant: set definition id -> its pictures in order.
VariantMedia = Mapping[int, list[MediaItem]]

_SELECT = (
    "SELECT l.variant_id, l.property_set_id, a.url, a.state FROM catalog_medialink l "
    "JOIN catalog_mediaasset a ON a.id = l.asset_id"
)


def media_of_products(product_ids: Collection[int]) -> dict[int, VariantMedia]:
    """By variant id, for every variant of these products; one query."""
    ways = tables()
    return _grouped(
        ways.select(
            f"{_SELECT} JOIN catalog_variant v ON v.id = l.variant_id "
            f"WHERE v.product_id {ways.in_list} ORDER BY l.position",
            [ways.among(product_ids)],
        )
    )


def media_of_variants(variant_ids: Collection[int]) -> dict[int, VariantMedia]:
    """By variant id; one query."""
    ways = tables()
    return _grouped(
        ways.select(
            f"{_SELECT} WHERE l.variant_id {ways.in_list} ORDER BY l.position",
            [ways.among(variant_ids)],
        )
    )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, VariantMedia]:
    found: dict[int, dict[int, list[MediaItem]]] = {}
    for variant_id, set_id, url, state in rows:
        item: MediaItem = {"source_url": url, "url": None, "state": state}
        found.setdefault(variant_id, {}).setdefault(set_id, []).append(item)
    return dict(found)
