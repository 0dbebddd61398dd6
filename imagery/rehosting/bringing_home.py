"""What a call delivered, fetched and stored: in a thread, without the database."""

import logging
import time
from collections.abc import Sequence

from imagery.providers.delivery import (
    CollectedImage,
    CollectionFailure,
    CollectionPolicy,
    collect_images,
)
from imagery.providers.protocol import DeliveredImage
from imagery.rehosting.storing import Belonging, StoredImage, store

logger = logging.getLogger(__name__)


def bring_home(
    images: Sequence[DeliveredImage],
    belonging: Belonging,
    *,
    policy: CollectionPolicy,
    until: float,
) -> list[StoredImage | CollectionFailure]:
    """One result for each image, in their order.

    From `until` (of `time.monotonic`) on no address is asked any more: the rest is for the rescue.
    """
    return [_one(image, belonging, policy, until) for image in images]


def _one(
    image: DeliveredImage, belonging: Belonging, policy: CollectionPolicy, until: float
) -> StoredImage | CollectionFailure:
    if image.url is not None and time.monotonic() >= until:
        return CollectionFailure(image, "no_time", "It was not asked for yet.", is_permanent=False)
    try:
        (collected,) = collect_images([image], policy=policy)
        if not isinstance(collected, CollectedImage):
            return collected
        return store(collected, image, belonging)
    except Exception as error:
        # The storage, or our own mistake: an address can be asked again, bytes are gone.
        logger.exception("A delivered picture could not be stored")
        reason = f"Our storage did not take it: {type(error).__name__}."
        is_lost = image.url is None
        return CollectionFailure(image, "not_stored", reason, is_permanent=is_lost)
