"""What other parts of the room want to know of: images that were saved."""

from collections.abc import Callable, Sequence

from imagery.models import GeneratedImage

#: Called in the transaction that saves the images, of one account: to write down what is to be
#: done about them, not to do it.
ImagesSaved = Callable[[Sequence[GeneratedImage]], None]

_handlers: list[ImagesSaved] = []


def on_image_saved(handler: ImagesSaved) -> None:
    """Have the function told of new images; called when the application starts."""
    if handler not in _handlers:
        _handlers.append(handler)


def tell_of(images: Sequence[GeneratedImage]) -> None:
    for handler in _handlers if images else ():
        handler(images)
