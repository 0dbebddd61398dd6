"""Media assets by URL, and the links from variants to them."""

from collections.abc import Iterable, Sequence

from catalog.models import AssetState
from catalog.writing.context import WriteContext

_ASSET_COLUMNS = ("id", "account_id", "url", "state", "created_at", "due_at")
_LINK_COLUMNS = ("variant_id", "property_set_id", "position", "asset_id")

#: variant id, set definition id, URLs in order
MediaSet = tuple[int, int, list[str]]


def link_new(context: WriteContext, sets: Sequence[MediaSet]) -> None:
    """Give variants media sets they do not have yet."""
    if not sets:
        return
    assets = _assets(context, (url for _, _, urls in sets for url in urls))
    context.tables.insert(
        "catalog_medialink",
        _LINK_COLUMNS,
        [
            (variant_id, set_id, position, assets[url])
            for variant_id, set_id, urls in sets
            for position, url in enumerate(urls)
        ],
    )


def replace_links(context: WriteContext, sets: Sequence[MediaSet]) -> None:
    """Make each set hold just these URLs, in this order."""
    if not sets:
        return
    tables = context.tables
    for set_id in sorted({set_id for _, set_id, _ in sets}):
        variants = [variant_id for variant_id, its_set, _ in sets if its_set == set_id]
        tables.execute(
            "DELETE FROM catalog_medialink "  # noqa: S608 - our own names
            f"WHERE property_set_id = %s AND variant_id {tables.in_list}",
            [set_id, tables.among(variants)],
        )
    link_new(context, sets)


def _assets(context: WriteContext, urls: Iterable[str]) -> dict[str, int]:
    """The asset of each distinct URL, made where it is missing."""
    tables = context.tables
    wanted = dict.fromkeys(urls)
    assets: dict[str, int] = dict(
        tables.select(
            "SELECT url, id FROM catalog_mediaasset "  # noqa: S608 - our own names
            f"WHERE account_id = %s AND url {tables.in_list}",
            [context.account_id, tables.among(wanted)],
        )
    )
    missing = [url for url in wanted if url not in assets]
    if missing:
        ids = tables.next_ids("catalog_mediaasset", len(missing))
        account_id, state = context.account_id, AssetState.PENDING.value
        now = tables.moment(context.now)
        tables.insert(
            "catalog_mediaasset",
            _ASSET_COLUMNS,
            [
                (asset_id, account_id, url, state, now, now)
                for asset_id, url in zip(ids, missing, strict=True)
            ],
        )
        assets.update(zip(missing, ids, strict=True))
    return assets
