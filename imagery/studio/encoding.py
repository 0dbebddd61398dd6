"""Pictures as files: the same bytes for the same pixels, and marked with how they were made."""

import io

from PIL import Image

from imagery.marking import DigitalSource, marked

_QUALITY = 92


def encoded(picture: Image.Image, source: DigitalSource, *, note: str = "") -> bytes:
    """PNG where something is transparent, else JPEG."""
    file = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(file, "PNG", compress_level=6)
    else:
        picture.save(file, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return marked(file.getvalue(), source, note=note)
