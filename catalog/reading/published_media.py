"""Pictures that a room above has published of variants: shown before their own media.

That room registers; this one never asks what they are.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from accounts.models import Account
from catalog.file_format.cells import split_list
from catalog.reading.media import MediaItem

_SEPARATOR = "#;"


class PublishedMedia(Protocol):
    def paths(self, *, account_id: int, skus: Collection[str]) -> Mapping[str, Sequence[str]]:
        """By SKU, in order, without scheme and host; one query, however many there are."""

    def mark(self, account: Account) -> str:
        """What all the paths of the account have in common, and no other address has."""


_registered: list[PublishedMedia] = []


def register(source: PublishedMedia) -> None:
    """Called by the room that knows, as it gets ready; there is one."""
    if _registered and _registered[0] is not source:
        raise ValueError("published media have a source already")
    _registered[:] = [source]


def published_addresses(
    *, account_id: int, skus: Collection[str], site: str
) -> dict[str, list[str]]:
    """By SKU, of those that have any; `site` is the scheme and host they are reached at."""
    if not skus or not _registered:
        return {}
    found = _registered[0].paths(account_id=account_id, skus=skus)
    return {sku: [f"{site}{path}" for path in paths] for sku, paths in found.items()}


def published_item(address: str) -> MediaItem:
    """Its address is where it comes from, and where everybody may have it."""
    return {"source_url": address, "url": address, "state": "approved"}


def published_mark(account: Account) -> str:
    """Empty if nothing is ever published."""
    return _registered[0].mark(account) if _registered else ""


def without_published(texts: Sequence[str], mark: str) -> list[str]:
    """Cells of a column of media, as an export wrote them, with the variants' own media alone."""
    return [_own_media(text, mark) if mark in text else text for text in texts]


def _own_media(text: str, mark: str) -> str:
    return _SEPARATOR.join(url for url in split_list(text) if mark not in url)
