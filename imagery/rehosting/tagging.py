"""Marking a delivered picture with how it came to be, before anything else is known of it."""

import io
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageOps

from imagery.marking import CannotBeMarked, DigitalSource, marked, source_of
from imagery.providers.delivery import CollectedImage
from imagery.providers.protocol import Operation

#: What IPTC calls the work of a provider's model, by what it was asked to do. A cut-out shows
#: pixels of the photo alone, whoever chose them.
_SOURCES: Final = {
    Operation.GENERATE: DigitalSource.TRAINED_ALGORITHMIC_MEDIA,
    Operation.EDIT: DigitalSource.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    Operation.REPLACE_BACKGROUND: DigitalSource.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    Operation.UPSCALE: DigitalSource.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    Operation.REMOVE_BACKGROUND: DigitalSource.ALGORITHMICALLY_ENHANCED,
}


@dataclass(frozen=True, slots=True)
class TaggedImage:
    content: bytes = field(repr=False)
    content_type: str
    extension: str


def tagged(image: CollectedImage, operation: Operation, *, is_local: bool) -> TaggedImage:
    """The picture with its mark. The studio's own is true already, and stays.

    What has no place for a mark (GIF, AVIF) becomes a PNG. Raises CannotBeMarked for a picture
    that was decoded, and yet is damaged around its pixels.
    """
    if is_local and source_of(image.content) is not None:
        return TaggedImage(image.content, image.content_type, image.extension)
    source = _SOURCES[operation]
    try:
        return TaggedImage(marked(image.content, source), image.content_type, image.extension)
    except CannotBeMarked:
        return TaggedImage(marked(_as_png(image.content), source), "image/png", "png")


def _as_png(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture)
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        file = io.BytesIO()
        upright.convert(mode).save(file, "PNG")
    return file.getvalue()
