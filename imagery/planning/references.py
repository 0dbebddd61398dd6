"""The identity of source photos: fixed when first planned, the same once their content is known."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from bulk_sql import tables
from catalog.models import MediaAsset
from imagery.models import ReferencePhoto
from imagery.planning.row_writing import insert_rows
from imagery.recipes.variant_facts import Photo

_COLUMNS: Final = ("id", "account_id", "identity", "url", "sha256", "file_id", "created_at")


@dataclass(frozen=True, slots=True)
class Reference:
    """`id` is None as long as it was only looked up."""

    identity: str
    id: int | None


@dataclass(slots=True)
class _Decided:
    photo: Photo
    identity: str
    row_id: int | None
    learns_content: bool = False


def look_up(*, account_id: int, photos: Iterable[Photo]) -> dict[str, Reference]:
    """By address, what each photo would be known as; writes nothing. Two queries."""
    decided = _decide(account_id, photos)
    return {each.photo.url: Reference(each.identity, each.row_id) for each in decided}


def settle(*, account_id: int, photos: Iterable[Photo], at: datetime) -> dict[str, Reference]:
    """By address, the row of each photo, made where there is none.

    A fixed number of queries, in the transaction of the caller, who holds the account's planning.
    """
    decided = _decide(account_id, photos)
    ways = tables()
    ways.update(
        ReferencePhoto._meta.db_table,
        ("sha256", "file_id"),
        [
            (each.row_id, each.photo.sha256, each.photo.file_id)
            for each in decided
            if each.learns_content
        ],
    )
    new = [each for each in decided if each.row_id is None]
    ids = ways.next_ids(ReferencePhoto._meta.db_table, len(new)) if new else []
    for row_id, each in zip(ids, new, strict=True):
        each.row_id = row_id
    insert_rows(
        ReferencePhoto,
        _COLUMNS,
        [
            (
                *(each.row_id, account_id, each.identity, each.photo.url, each.photo.sha256),
                *(each.photo.file_id, ways.moment(at)),
            )
            for each in new
        ],
    )
    return {each.photo.url: Reference(each.identity, each.row_id) for each in decided}


def fetched_photos(*, account_id: int, urls: Collection[str]) -> dict[str, Photo]:
    """Photos by address, with the content of those that the catalog's media have. One query."""
    assets = MediaAsset.objects.filter(
        account_id=account_id, url__in=list(urls), file__isnull=False
    )
    known = {
        url: Photo(url, content, file_id)
        for url, content, file_id in assets.values_list("url", "file__sha256", "file_id")
    }
    return {url: known.get(url, Photo(url)) for url in urls}


def _decide(account_id: int, photos: Iterable[Photo]) -> list[_Decided]:
    by_url = {photo.url: photo for photo in photos}
    if not by_url:
        return []
    rows = ReferencePhoto.objects.filter(account_id=account_id).order_by("id")
    of_url: dict[str, dict[str, tuple[int, str]]] = {}
    for pk, url, content, identity in rows.filter(url__in=list(by_url)).values_list(
        "id", "url", "sha256", "identity"
    ):
        of_url.setdefault(url, {})[content] = pk, identity
    contents = {photo.sha256 for photo in by_url.values() if photo.sha256}
    of_content: dict[str, str] = {}
    for content, identity in rows.filter(sha256__in=contents).values_list("sha256", "identity"):
        of_content.setdefault(content, identity)
    return [_one(photo, of_url.get(photo.url, {}), of_content) for photo in by_url.values()]


def _one(
    photo: Photo, known: Mapping[str, tuple[int, str]], of_content: dict[str, str]
) -> _Decided:
    """`known` are the rows of its address by content; `of_content` learns what is new."""
    if photo.sha256 in known:
        row_id, identity = known[photo.sha256]
        return _Decided(photo, identity, row_id)
    if not photo.sha256 and known:
        # Not fetched now, but it was once: the newest is the best guess there is.
        row_id, identity = list(known.values())[-1]
        return _Decided(photo, identity, row_id)
    if "" in known:
        row_id, identity = known[""]
        of_content.setdefault(photo.sha256, identity)
        return _Decided(photo, identity, row_id, learns_content=True)
    if not photo.sha256:
        return _Decided(photo, f"url:{sha256(photo.url.encode()).hexdigest()}", None)
    identity = of_content.setdefault(photo.sha256, f"sha256:{photo.sha256}")
    return _Decided(photo, identity, None)
