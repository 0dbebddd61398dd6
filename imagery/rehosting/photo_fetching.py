"""Getting a source photo for a provider that wants bytes, and keeping it: in a thread.

What was sent along is there for good, so that the call can be made again word by word.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final, Self

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from catalog.media_fetching.storing import put_once
from catalog.media_fetching.verdicts import LONGEST_PAUSE
from outbound import (
    Gate,
    Limits,
    NotNow,
    OutboundError,
    PictureLimits,
    fetch,
    read_picture,
)

_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,*/*;q=0.5"

#: Two calls that begin with the same photo must not take each other's half for the whole. Photos
#: have these by their content, so that next to none waits for another one.
_WRITING: Final = tuple(threading.Lock() for _ in range(256))

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhotoPolicy:
    """How source photos are fetched: within the bounds of the catalog's media."""

    limits: Limits
    pictures: PictureLimits
    gate: Gate

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            limits=Limits(max_bytes=settings.MEDIA_MAX_BYTES),
            pictures=PictureLimits(max_pixels=settings.MEDIA_MAX_PIXELS),
            gate=Gate(allowed_hosts=settings.OUTBOUND_ALLOWED_HOSTS),
        )


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A source photo in our storage. One that `is_lent` is among the catalog's media, which are
    removed once no variant shows them."""

    path: str
    content_type: str
    sha256: str
    is_lent: bool = False


@dataclass(frozen=True, slots=True)
class PhotoFailure:
    """Why the photo is not here. `retry_after` is how long its server may ask to be left alone."""

    code: str
    message: str
    is_permanent: bool
    retry_after: timedelta | None = None


def fetch_photo(url: str, *, account_uuid: str, policy: PhotoPolicy) -> StoredPhoto | PhotoFailure:
    """Fetch it as the catalog's media are fetched, and put it among the account's private files."""
    try:
        with fetch(url, limits=policy.limits, gate=policy.gate, accept=_ACCEPT) as fetched:
            picture = read_picture(fetched.file, limits=policy.pictures)
            digest = fetched.sha256
            path = _path(account_uuid, digest, f".{picture.extension}")
            with _writing(digest):
                put_once(path, File(fetched.file), size=fetched.byte_size)
    except OutboundError as error:
        asked_for = error.retry_after if isinstance(error, NotNow) else None
        wait = min(asked_for, LONGEST_PAUSE) if asked_for is not None else None
        return PhotoFailure(error.code, error.reason, error.is_permanent, wait)
    except Exception as error:
        logger.exception("A source photo could not be kept")
        reason = f"Our storage did not take it: {type(error).__name__}."
        return PhotoFailure("not_stored", reason, is_permanent=False)
    return StoredPhoto(path, picture.content_type, digest)


def copy_photo(lent: StoredPhoto, *, account_uuid: str) -> StoredPhoto | PhotoFailure:
    """Put a photo of the catalog's among the account's private files, where it stays."""
    path = _path(account_uuid, lent.sha256, PurePosixPath(lent.path).suffix)
    try:
        with default_storage.open(lent.path) as file:
            content: bytes = file.read()
        if sha256(content).hexdigest() != lent.sha256:
            return PhotoFailure("not_stored", "It is not what it was.", is_permanent=False)
        with _writing(lent.sha256):
            put_once(path, ContentFile(content), size=len(content))
    except Exception as error:
        logger.exception("A photo of the catalog could not be kept")
        reason = f"Our storage did not give or take it: {type(error).__name__}."
        return PhotoFailure("not_stored", reason, is_permanent=False)
    return StoredPhoto(path, lent.content_type, lent.sha256)


def _writing(digest: str) -> threading.Lock:
    return _WRITING[int(digest[:2], 16)]


def _path(account_uuid: str, digest: str, suffix: str) -> str:
    return f"{account_uuid}/private/references/{digest}{suffix}"
