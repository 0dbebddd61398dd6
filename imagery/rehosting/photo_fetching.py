"""Getting a source photo for a provider that wants bytes, and keeping it: in a thread."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.files.base import File

from catalog.media_fetching.storing import put_once
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
    """A source photo in our storage."""

    path: str
    content_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PhotoFailure:
    """Why the photo is not here."""

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
            path = f"{account_uuid}/private/references/{digest}.{picture.extension}"
            put_once(path, File(fetched.file), size=fetched.byte_size)
    except OutboundError as error:
        wait = error.retry_after if isinstance(error, NotNow) else None
        return PhotoFailure(error.code, error.reason, error.is_permanent, wait)
    except Exception as error:
        logger.exception("A source photo could not be kept")
        reason = f"Our storage did not take it: {type(error).__name__}."
        return PhotoFailure("not_stored", reason, is_permanent=False)
    return StoredPhoto(path, picture.content_type, digest)
