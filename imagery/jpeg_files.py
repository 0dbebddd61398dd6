"""JPEG files, as small as the same pixels can be."""

import io

from PIL import Image


def jpeg(picture: Image.Image, *, quality: int, full_colour: bool) -> bytes:
    """Of an RGB picture; unless `full_colour`, colours are kept at half the resolution of light.

    `picture` is not touched, so that several threads may have it encoded.
    """
    file = io.BytesIO()
    # Pillow notes on a picture how it is to be saved.
    own = picture.copy()
    subsampling = 0 if full_colour else 2
    try:
        own.save(file, "JPEG", quality=quality, subsampling=subsampling, optimize=True)
    except OSError:
        # Noise, which takes more bytes than it has pixels: Pillow's one buffer for it is full.
        file = io.BytesIO()
        own.save(file, "JPEG", quality=quality, subsampling=subsampling)
    return file.getvalue()
