"""How soft the sharpest edges of a picture are, in pixels.

An edge that is blurred once more loses steepness, the less the softer it was: from how much, its
own blur follows (the idea of estimating defocus by re-blurring; Zhuo and Sim, 2011).
"""

from typing import Final

import cv2
import numpy as np
from PIL import Image

from imagery.studio.pixels import Pixels, blurred

_FINE: Final = 1.0
_COARSE: Final = 2.5
#: Edges are where it is steepest: this share of the pixels, and those with a real step.
_STEEPEST: Final = 0.01
_LEAST_STEP: Final = 2.0
_FEWEST: Final = 50
_SOFTEST: Final = 20.0


def softness_of(picture: Image.Image) -> float | None:
    """One standard deviation of the blur, in pixels of this RGB picture; None without edges."""
    grey = np.asarray(picture.convert("L"), np.float32)
    fine, coarse = (_steepness(blurred(grey, sigma)) for sigma in (_FINE, _COARSE))
    threshold = max(_LEAST_STEP, float(np.quantile(coarse[::4, ::4], 1 - _STEEPEST)))
    edges = coarse >= threshold
    if edges.sum() < _FEWEST:
        return None
    ratio = float(np.quantile(fine[edges] / coarse[edges], 0.75))
    if ratio <= 1.02:
        return _SOFTEST
    own = (_COARSE**2 - ratio**2 * _FINE**2) / (ratio**2 - 1)
    return min(_SOFTEST, float(np.sqrt(max(0.0, own))))


def _steepness(values: Pixels) -> Pixels:
    across = cv2.Scharr(values, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(values, cv2.CV_32F, 0, 1, scale=1 / 32)
    return np.asarray(cv2.magnitude(across, down))
