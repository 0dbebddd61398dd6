"""Pictures as arrays: how they are turned into each other, and what colour differences are."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[Any]

# One picture is worked on at a time; threads of OpenCV's own would only take other work's cores.
cv2.setNumThreads(1)


def pixels_of(image: Image.Image) -> Pixels:
    """Colours as float32, 0..255."""
    return np.asarray(image, np.float32)


def image_of(values: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(np.round(values), 0, 255).astype(np.uint8))


def lab_of(colours: Pixels) -> Pixels:
    """CIE Lab, in which a distance of about 2 is just seen; L is 0..100."""
    return np.asarray(cv2.cvtColor(colours / np.float32(255), cv2.COLOR_RGB2LAB))


def blurred(values: Pixels, sigma: float) -> Pixels:
    """Gaussian, `sigma` in pixels; beyond the border the picture goes on as it ends."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def disc(radius: int) -> Pixels:
    return np.asarray(
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    )


def grown(mask: Pixels, radius: int) -> Pixels:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc(radius))).astype(bool)


def shrunk(mask: Pixels, radius: int) -> Pixels:
    return np.asarray(cv2.erode(mask.astype(np.uint8), disc(radius))).astype(bool)
