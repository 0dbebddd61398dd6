"""Colours of every kind a file may hold, as 8-bit sRGB."""

import io
from typing import Final

from PIL import Image, ImageCms

_DEEP: Final = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
#: What a colour profile may be of, and as what its pixels are given to it.
_PROFILED: Final = {
    **{mode: mode for mode in ("RGB", "CMYK", "L")},
    **{"RGBA": "RGB", "P": "RGB", "PA": "RGB", "LA": "L"},
}


def eight_bit(image: Image.Image) -> Image.Image:
    """Greys of 16 bits scaled down; Pillow would cut them off at 255."""
    if image.mode not in _DEEP:
        return image
    return image.convert("I").point(lambda level: level * (1 / 257)).convert("L")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB without transparency, by the profile; as most viewers show it where that is damaged, or
    of another kind of colour."""
    if profile and image.mode in _PROFILED:
        try:
            return _turned(image, profile)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    if image.has_transparency_data:
        return image.convert("RGBA").convert("RGB")
    return image.convert("RGB")


def _turned(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    plain = image.convert(_PROFILED[image.mode])
    turned = ImageCms.profileToProfile(
        plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    if turned is None:
        raise ValueError("nothing was made of the picture")
    return turned
