"""Which pictures variants show, set by set, in order."""

import uuid
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
    "SELECT l.variant_id, l.property_set_id, a.url, a.state, f.uuid FROM catalog_medialink l "
    "JOIN catalog_mediaasset a ON a.id = l.asset_id "
    "LEFT JOIN catalog_mediafile f ON f.id = a.file_id"
)


def media_of_variants(
    variant_ids: Collection[int], *, served_at: str = ""
) -> dict[int, VariantMedia]:
    """By variant id; one query.

    `served_at` is what the addresses of our own pictures begin with; without it no `url` is given.
    """
    ways = tables()
    rows = ways.select(
        f"{_SELECT} WHERE l.variant_id {ways.in_list} ORDER BY l.position",
        [ways.among(variant_ids)],
    )
    return _grouped(rows, served_at)


def _grouped(rows: Iterable[tuple[Any, ...]], served_at: str) -> dict[int, VariantMedia]:
    found: dict[int, dict[int, list[MediaItem]]] = {}
    for variant_id, set_id, source_url, state, file in rows:
        # SQLite gives the digits alone.
        known = file if file is None or isinstance(file, uuid.UUID) else uuid.UUID(file)
        url = f"{served_at}{known}" if known and served_at else None
        item: MediaItem = {"source_url": source_url, "url": url, "state": state}
        found.setdefault(variant_id, {}).setdefault(set_id, []).append(item)
    return dict(found)
