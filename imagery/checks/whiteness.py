"""How white a background is, once whitening has lifted to 255 what is nearly white."""

from typing import Final

import numpy as np
from PIL import Image, ImageChops

from imagery.studio.pixels import Pixels

#: From this level on, of 255 in each channel, whitening makes white: a JPEG's noise is below it.
WHITENED_FROM: Final = 250
_RIM: Final = 0.02


def white_share(picture: Image.Image, background: Pixels | None) -> float | None:
    """The share of the background's pixels, 0..1, that are pure white (RGB picture).

    Without a known background the rim stands for it: where that is not white nothing else matters,
    and where it is, nothing is known (None).
    """
    if background is not None:
        return _share(_white(picture, background.shape), background)
    rim = _rim_of(picture.height, picture.width)
    share = _share(_white(picture, rim.shape), rim)
    return None if share is None or share > 0.5 else share


def _white(picture: Image.Image, shape: tuple[int, ...]) -> Pixels:
    """Where the darkest channel is white; at the mask's size, at which a speck is not lost."""
    red, green, blue = picture.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    white = darkest.point([0] * WHITENED_FROM + [255] * (256 - WHITENED_FROM))
    return np.asarray(white.resize((shape[1], shape[0]), Image.Resampling.BOX), np.float32) / 255


def _share(white: Pixels, background: Pixels) -> float | None:
    return float(white[background].mean()) if background.any() else None


def _rim_of(height: int, width: int) -> Pixels:
    rim = np.ones((height, width), bool)
    depth = max(1, round(min(height, width) * _RIM))
    rim[depth : height - depth, depth : width - depth] = False
    return rim
