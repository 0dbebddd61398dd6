"""Pictures as files: the same bytes for the same pixels, and marked with how they were made."""

import io

from PIL import Image

from imagery.jpeg_files import jpeg
from imagery.marking import DigitalSource, marked

_QUALITY = 92


def encoded(picture: Image.Image, source: DigitalSource, *, note: str = "") -> bytes:
    """PNG where something is transparent, else JPEG."""
    if picture.mode == "RGBA":
        file = io.BytesIO()
        picture.save(file, "PNG", compress_level=6)
        content = file.getvalue()
    else:
        content = jpeg(picture, quality=_QUALITY, full_colour=True)
    return marked(content, source, note=note)
