"""Media assets by URL, and the links from variants to them."""

from collections.abc import Collection, Iterable, Sequence
from itertools import repeat

from django.db import IntegrityError, transaction

from catalog.models import AssetState
from catalog.writing.context import WriteContext

_ASSET_COLUMNS = ("id", "account_id", "url", "state", "created_at", "due_at")
_LINK_COLUMNS = ("variant_id", "property_set_id", "position", "asset_id")
_SAMPLED = 20

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
        (
            (variant_id, set_id, position, assets[url])
            for variant_id, set_id, urls in sets
            for position, url in enumerate(urls)
        ),
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
    wanted = list(dict.fromkeys(urls))
    # On a first import hardly any URL is known, and asking for every one would cost as much
    # as writing it: where a few of them are new, all are taken to be until one turns out not to.
    if not _known(context, wanted[:: len(wanted) // _SAMPLED + 1]):
        try:
            with transaction.atomic():
                return _make(context, wanted)
        except IntegrityError:
            pass
    assets = _known(context, wanted)
    return assets | _make(context, [url for url in wanted if url not in assets])


def _known(context: WriteContext, urls: Collection[str]) -> dict[str, int]:
    tables = context.tables
    rows = tables.select(
        "SELECT url, id, unlinked_since FROM catalog_mediaasset "  # noqa: S608 - our own names
        f"WHERE account_id = %s AND url {tables.in_list}",
        [context.account_id, tables.among(urls)],
    )
    marked = [asset_id for _, asset_id, since in rows if since is not None]
    if marked and _unmark(context, marked) < len(marked):
        return _known(context, urls)
    return {url: asset_id for url, asset_id, _ in rows}


def _unmark(context: WriteContext, asset_ids: Sequence[int]) -> int:
    """Those that were about to be tidied away, as nothing showed them, are in use again; how many
    there still are."""
    tables = context.tables
    return tables.execute(
        "UPDATE catalog_mediaasset SET unlinked_since = NULL "  # noqa: S608 - our own names
        f"WHERE id {tables.in_list}",
        [tables.among(asset_ids)],
    )


def _make(context: WriteContext, urls: Sequence[str]) -> dict[str, int]:
    """Raises IntegrityError if the account has one of them already."""
    if not urls:
        return {}
    tables = context.tables
    ids = tables.next_ids("catalog_mediaasset", len(urls))
    account_id, state = context.account_id, AssetState.PENDING.value
    now = tables.moment(context.now)
    tables.insert(
        "catalog_mediaasset",
        _ASSET_COLUMNS,
        zip(ids, repeat(account_id), urls, repeat(state), repeat(now), repeat(now), strict=False),
    )
    return dict(zip(urls, ids, strict=True))
