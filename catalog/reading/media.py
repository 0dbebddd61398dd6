"""Which pictures variants show, set by set, in order."""

import uuid
from collections.abc import Collection, Mapping
from typing import TypedDict

from bulk_sql import tables


class MediaItem(TypedDict):
    """`url` is where we serve the picture ourselves; null until it is fetched."""

    source_url: str
    url: str | None
    state: str


#: Of one variant: set definition id -> its pictures in order.
VariantMedia = Mapping[int, list[MediaItem]]

# Joined in one query, PostgreSQL reads all assets of a catalog of some size for a page of links.
_LINKS = "SELECT l.variant_id, l.property_set_id, l.asset_id FROM catalog_medialink l"
_ASSETS = (
    "SELECT a.id, a.url, a.state, f.uuid FROM catalog_mediaasset a "
    "LEFT JOIN catalog_mediafile f ON f.id = a.file_id"
)


def media_of_variants(
    variant_ids: Collection[int], *, served_at: str = ""
) -> dict[int, VariantMedia]:
    """By variant id; two queries.

    `served_at` is what the addresses of our own pictures begin with; without it no `url` is given.
    """
    ways = tables()
    links = ways.select(
        f"{_LINKS} WHERE l.variant_id {ways.in_list} ORDER BY l.position",
        [ways.among(variant_ids)],
    )
    assets = ways.select(
        f"{_ASSETS} WHERE a.id {ways.in_list}", [ways.among({row[2] for row in links})]
    )
    items = {row[0]: _item(*row[1:], served_at=served_at) for row in assets}
    found: dict[int, dict[int, list[MediaItem]]] = {}
    for variant_id, set_id, asset_id in links:
        if asset_id not in items:
            continue  # gone since, with its link
        found.setdefault(variant_id, {}).setdefault(set_id, []).append(items[asset_id])
    return dict(found)


def _item(
    source_url: str, state: str, file: uuid.UUID | str | None, *, served_at: str
) -> MediaItem:
    # SQLite gives the digits alone.
    known = uuid.UUID(file) if isinstance(file, str) else file
    url = f"{served_at}{known}" if known and served_at else None
    return {"source_url": source_url, "url": url, "state": state}
