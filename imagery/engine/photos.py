"""What a call starts from, put as its provider wants it: an address, or bytes of ours."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.core.files.storage import default_storage

from imagery.engine.ladders import Hindrance
from imagery.models import GeneratedImage, ReferencePhoto
from imagery.providers.protocol import Provider
from imagery.rehosting.photo_fetching import StoredPhoto

#: An address of ours is good for as long as a call may wait and be worked on.
_SIGNED_FOR: Final = timedelta(hours=1)
#: One of the provider's own must hold at least as long.
_STILL_HOLDS_FOR: Final = timedelta(minutes=10)
_LONGEST_ADDRESS: Final = 2000


@dataclass(frozen=True, slots=True)
class Photo:
    """`url` is sent as it is; bytes are read from `path`. They have to be brought there first from
    `fetch_from`, an address, or `copy_from`, where the catalog has them.

    All are "" where there is none: a picture made from words alone.
    """

    url: str = ""
    path: str = ""
    content_type: str = ""
    sha256: str = ""
    fetch_from: str = ""
    copy_from: str = ""

    @property
    def is_to_be_brought(self) -> bool:
        return bool(self.fetch_from or self.copy_from)


@dataclass(frozen=True, slots=True)
class Source:
    """What a want starts from: a photo, and where we have its bytes; or another want's picture."""

    reference: ReferencePhoto | None = None
    stored: StoredPhoto | None = None
    picture: GeneratedImage | None = None
    picture_by: str = ""


def photo_for(provider: Provider, source: Source, *, at: datetime) -> Photo | Hindrance:
    """How the provider is given the source; a Hindrance if it can take it in no way we have."""
    if source.reference is None and source.picture is None:
        return Photo()
    if provider.capabilities.takes_url:
        return _by_address(provider, source, at=at)
    return _as_bytes(source)


def hindrance_of(provider: Provider, source: Source, *, at: datetime) -> Hindrance | None:
    """Why the provider cannot be given the source; None if it can."""
    photo = photo_for(provider, source, at=at)
    return photo if isinstance(photo, Hindrance) else None


def _as_bytes(source: Source) -> Photo:
    if source.picture is not None:
        made = source.picture
        return Photo(path=made.storage_path, content_type=made.content_type, sha256=made.sha256)
    if source.stored is not None:
        stored = source.stored
        known = Photo(content_type=stored.content_type, sha256=stored.sha256)
        if stored.is_lent:
            return replace(known, copy_from=stored.path)
        return replace(known, path=stored.path)
    return Photo(fetch_from=source.reference.url if source.reference else "")


def _by_address(provider: Provider, source: Source, *, at: datetime) -> Photo | Hindrance:
    if source.reference is not None:
        if source.reference.url:
            return Photo(url=source.reference.url, sha256=source.reference.sha256)
        address = signed_address(source.stored.path) if source.stored else ""
        return _addressed(provider, address, source.reference.sha256)
    made = source.picture
    if made is None:
        return Photo()
    holds = made.delivered_until is not None and made.delivered_until > at + _STILL_HOLDS_FOR
    if source.picture_by == provider.name and made.delivered_url and holds:
        return _addressed(provider, made.delivered_url, made.sha256)
    return _addressed(provider, signed_address(made.storage_path), made.sha256)


def _addressed(provider: Provider, address: str, sha256: str) -> Photo | Hindrance:
    if not address or len(address) > _LONGEST_ADDRESS:
        return Hindrance(
            "reference_needs_url",
            f"{provider.name} takes pictures by their address alone, and ours has none outside.",
        )
    return Photo(url=address, sha256=sha256)


def signed_address(path: str) -> str:
    """An address that gives this one file for an hour; "" where the storage has no such thing
    (files on local disk)."""
    if not getattr(default_storage, "querystring_auth", False):
        return ""
    seconds = int(_SIGNED_FOR.total_seconds())
    return str(default_storage.url(path, expire=seconds))  # type: ignore[call-arg]
