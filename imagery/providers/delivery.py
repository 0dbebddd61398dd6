"""Getting hold of what was delivered: fetched where need be, decoded, not believed."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Self

from django.conf import settings

from imagery.providers.protocol import CallOutcome, DeliveredImage
from outbound import Gate, Limits, NotNow, OutboundError, PictureLimits, TooLarge, fetch
from outbound.pictures import read_picture


@dataclass(frozen=True, slots=True)
class CollectionPolicy:
    """How far collecting goes, and where it may reach."""

    limits: Limits
    pictures: PictureLimits
    gate: Gate

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            limits=Limits(max_bytes=settings.GENERATED_MAX_BYTES),
            pictures=PictureLimits(max_pixels=settings.GENERATED_MAX_PIXELS),
            gate=Gate(allowed_hosts=settings.OUTBOUND_ALLOWED_HOSTS),
        )


@dataclass(frozen=True, slots=True)
class CollectedImage:
    """A whole picture, as it came. Width and height are in pixels as it is to be shown, `sha256`
    is of the content, the thumbnail a small WebP."""

    content: bytes = field(repr=False)
    sha256: str
    content_type: str
    extension: str
    width: int
    height: int
    thumbnail: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CollectionFailure:
    """Why an image that was delivered is not here. Unless `is_permanent`, it may be there later:
    until `image.expires_at`, if that is known, and not before `retry_after`."""

    image: DeliveredImage
    code: str
    message: str
    is_permanent: bool
    retry_after: timedelta | None = None


def collect(
    outcome: CallOutcome, *, policy: CollectionPolicy
) -> list[CollectedImage | CollectionFailure]:
    """One result for each image of the outcome, in its order."""
    return collect_images(outcome.images, policy=policy)


def collect_images(
    images: Sequence[DeliveredImage], *, policy: CollectionPolicy
) -> list[CollectedImage | CollectionFailure]:
    """The same for images whose collection is tried again."""
    return [_collected(image, policy) for image in images]


def _collected(
    image: DeliveredImage, policy: CollectionPolicy
) -> CollectedImage | CollectionFailure:
    try:
        content = _content(image, policy)
        picture = read_picture(io.BytesIO(content), limits=policy.pictures)
    except OutboundError as error:
        return CollectionFailure(
            image,
            code=error.code,
            message=error.reason,
            is_permanent=error.is_permanent,
            retry_after=error.retry_after if isinstance(error, NotNow) else None,
        )
    return CollectedImage(
        content=content,
        sha256=sha256(content).hexdigest(),
        content_type=picture.content_type,
        extension=picture.extension,
        width=picture.width,
        height=picture.height,
        thumbnail=picture.thumbnail,
    )


def _content(image: DeliveredImage, policy: CollectionPolicy) -> bytes:
    if image.content is not None:
        if len(image.content) > policy.limits.max_bytes:
            raise TooLarge("too_large", "The image has more bytes than we take.")
        return image.content
    with fetch(image.url or "", limits=policy.limits, gate=policy.gate) as fetched:
        return fetched.file.read()
