"""Which pictures variants show, set by set, in order."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypedDict

from catalog.models import MediaLink


class MediaItem(TypedDict):
    """`url` is where we serve the picture ourselves; null until it is fetched."""

    source_url: str
    url: str | None
    state: str


#: Of one variant: set definition id -> its pictures in order.
VariantMedia = Mapping[int, list[MediaItem]]

_COLUMNS = ("variant_id", "property_set_id", "asset__url", "asset__state")


def media_of_products(product_ids: Collection[int]) -> dict[int, VariantMedia]:
    """By variant id, for every variant of these products; one query."""
    return _grouped(
        MediaLink.objects.filter(variant__product_id__in=product_ids)
        .order_by("position")
        .values_list(*_COLUMNS)
    )


def media_of_variants(variant_ids: Collection[int]) -> dict[int, VariantMedia]:
    """By variant id; one query."""
    return _grouped(
        MediaLink.objects.filter(variant_id__in=variant_ids)
        .order_by("position")
        .values_list(*_COLUMNS)
    )


def _grouped(rows: Iterable[tuple[int, int, str, str]]) -> dict[int, VariantMedia]:
    found: dict[int, dict[int, list[MediaItem]]] = {}
    for variant_id, set_id, url, state in rows:
        item: MediaItem = {"source_url": url, "url": None, "state": state}
        found.setdefault(variant_id, {}).setdefault(set_id, []).append(item)
    return dict(found)
