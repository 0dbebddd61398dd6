"""What other parts of the room want to know of: images that were saved, photos that were kept."""

import logging
from collections.abc import Callable, Collection, Sequence

from django.db import transaction

from imagery.models import GeneratedImage

#: Called in the transaction that saves the images, of one account: to write down in the database
#: what is to be done about them, not to do it. Where another one fails, what this one wrote is
#: rolled back, and it is called again.
ImagesSaved = Callable[[Sequence[GeneratedImage]], None]
#: Called with the ids of source photos whose bytes are in our storage now, likewise.
PhotosKept = Callable[[Collection[int]], None]

logger = logging.getLogger(__name__)

_handlers: list[ImagesSaved] = []
_photo_handlers: list[PhotosKept] = []


def on_image_saved(handler: ImagesSaved) -> None:
    """Have the function told of new images; called when the application starts."""
    if handler not in _handlers:
        _handlers.append(handler)


def on_photos_kept(handler: PhotosKept) -> None:
    """Have the function told of kept photos; called when the application starts."""
    if handler not in _photo_handlers:
        _photo_handlers.append(handler)


def tell_of_photos(photo_ids: Collection[int]) -> None:
    for handler in _photo_handlers:
        handler(photo_ids)


def tell_of(images: Sequence[GeneratedImage]) -> None:
    """A handler that fails is the operator's to see, and no reason to lose what was delivered."""
    if not images or not _handlers:
        return
    try:
        with transaction.atomic():
            for handler in _handlers:
                handler(images)
    except Exception:
        # One of them: the others are told each by itself.
        for handler in _handlers:
            _tell_alone(handler, images)


def _tell_alone(handler: ImagesSaved, images: Sequence[GeneratedImage]) -> None:
    try:
        with transaction.atomic():
            handler(images)
    except Exception:
        logger.exception("Of %s new images one part was not told", len(images))
