"""Where generated pictures lie, and putting them there once, however many wants they serve."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.core.files.base import ContentFile

from catalog.media_fetching.storing import put_once
from imagery.providers.delivery import CollectedImage
from imagery.providers.protocol import DeliveredImage, Operation
from imagery.rehosting.tagging import tagged

#: Seconds between tries: what was paid for is not lost for a storage that hiccups.
_PAUSES: Final = (0.2, 1.0, 4.0)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose picture it is, and how it was made."""

    account_uuid: str
    operation: Operation
    is_local: bool


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A picture that is ours now. `sha256` is of the bytes as stored, with their mark;
    `delivered_sha256` of the bytes as they came from `url`, which may hold until `url_until`."""

    sha256: str
    delivered_sha256: str
    storage_path: str
    thumbnail_path: str
    content_type: str
    byte_size: int
    width: int
    height: int
    url: str
    url_until: datetime | None


def store(image: CollectedImage, delivered: DeliveredImage, belonging: Belonging) -> StoredImage:
    """Mark the picture, and write it and its thumbnail under its content's hash.

    Blocks, and may be called in a thread. Raises what the storage raises, after a few tries, and
    CannotBeMarked.
    """
    final = tagged(image, belonging.operation, is_local=belonging.is_local)
    digest = sha256(final.content).hexdigest()
    directory = f"{belonging.account_uuid}/private/generated"
    path = f"{directory}/{digest}.{final.extension}"
    thumbnail_path = f"{directory}/{digest}.thumbnail.webp"
    _put_patiently(path, final.content)
    _put_patiently(thumbnail_path, image.thumbnail)
    return StoredImage(
        sha256=digest,
        delivered_sha256=image.sha256,
        storage_path=path,
        thumbnail_path=thumbnail_path,
        content_type=final.content_type,
        byte_size=len(final.content),
        width=image.width,
        height=image.height,
        url=delivered.url or "",
        url_until=delivered.expires_at,
    )


def _put_patiently(path: str, content: bytes) -> None:
    for pause in _PAUSES:
        try:
            put_once(path, ContentFile(content), size=len(content))
        except Exception:
            logger.warning("Could not store %s; trying again", path, exc_info=True)
            threading.Event().wait(pause)
        else:
            return
    put_once(path, ContentFile(content), size=len(content))
