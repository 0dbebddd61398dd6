"""A picture in 64 bits and a colour, by which the same one is found again after re-encoding."""

from typing import Final

import cv2
import numpy as np
from PIL import Image

from imagery.checks.measures import Likeness
from imagery.studio.pixels import lab_of, pixels_of

_SIDE: Final = 32
_MIDDLE: Final = slice(6, 26)
#: The lowest frequencies in both directions, the mean (0, 0) left out.
_LOWEST: Final = sorted(
    ((row, column) for row in range(12) for column in range(12) if row or column),
    key=lambda place: (place[0] + place[1], place),
)[:64]
#: Grey levels: what varies less is one plain surface, whose bits would be noise.
_PLAIN: Final = 2.0


def likeness_of(picture: Image.Image) -> Likeness | None:
    """Of an RGB picture; None if it is one plain surface."""
    small = picture.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    grey = pixels_of(small.convert("L"))
    if float(grey.std()) < _PLAIN:
        return None
    frequencies = cv2.dct(grey)
    lowest = np.array([frequencies[place] for place in _LOWEST])
    bits = 0
    for above in lowest > np.median(lowest):
        bits = bits << 1 | int(above)
    middle = lab_of(pixels_of(small))[_MIDDLE, _MIDDLE].mean(axis=(0, 1))
    lightness, green_red, blue_yellow = (round(float(value), 2) for value in middle)
    return Likeness(bits, lightness, green_red, blue_yellow)
