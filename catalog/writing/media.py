"""Media assets by URL, and the links from variants to them."""

from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from catalog.models import AssetState
from catalog.writing.context import WriteContext

_ASSET_COLUMNS = ("id", "account_id", "url", "url_digest", "state", "created_at")
_LINK_COLUMNS = ("variant_id", "property_set_id", "position", "asset_id")

#: variant id, set definition id, URLs in order
MediaSet = tuple[int, int, list[str]]


def url_digest(url: str) -> str:
    """22 characters: the base64 of a 16-byte BLAKE2b."""
    return b2a_base64(blake2b(url.encode(), digest_size=16).digest(), newline=False)[:22].decode()


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
    """One asset a distinct URL, made where it is missing."""
    digests = {url_digest(url): url for url in urls}
    found = _look_up(context, digests)
    missing = [digest for digest in digests if digest not in found]
    if missing:
        ids = context.tables.next_ids("catalog_mediaasset", len(missing))
        now = context.tables.moment(context.now)
        context.tables.insert(
            "catalog_mediaasset",
            _ASSET_COLUMNS,
            [
                (
                    asset_id,
                    context.account_id,
                    digests[digest],
                    digest,
                    AssetState.PENDING.value,
                    now,
                )
                for asset_id, digest in zip(ids, missing, strict=True)
            ],
        )
        found.update(zip(missing, ids, strict=True))
    return {url: found[digest] for digest, url in digests.items()}


def _look_up(context: WriteContext, digests: Iterable[str]) -> dict[str, int]:
    tables = context.tables
    return dict(
        tables.select(
            "SELECT url_digest, id FROM catalog_mediaasset "  # noqa: S608 - our own names
            f"WHERE account_id = %s AND url_digest {tables.in_list}",
            [context.account_id, tables.among(list(digests))],
        )
    )
