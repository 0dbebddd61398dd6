"""A photographer's table: shaded shapes before a seamless backdrop, with the true outline kept.

Coordinates are in shares of the picture's side, (0, 0) being the upper left corner.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[Any]
Colour = tuple[int, int, int]
Point = tuple[float, float]
#: Shapes are drawn this many times larger, for smooth edges.
_OVERSAMPLING: Final = 2
_FRACTION_BITS: Final = 4


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The paper behind: its colour above and below, and the camera's noise (levels of 255)."""

    top: Colour = (246, 246, 247)
    bottom: Colour = (230, 230, 232)
    noise: float = 1.2


@dataclass(frozen=True, slots=True)
class Sample:
    """A photo (RGB), the product's true outline (L, soft edges), and points that lie in a hole."""

    name: str
    photo: Image.Image
    outline: Image.Image
    holes: tuple[Point, ...]


class Canvas:
    """Shapes painted over each other; `shade` maps (x, y) in shares to brightness, 1 = the colour.

    A shape with `opacity` below 1 lets the backdrop through, as glass does.
    """

    def __init__(self, side: int, backdrop: Backdrop) -> None:
        self.side = side
        self._backdrop = backdrop
        self._large = side * _OVERSAMPLING
        self._x, self._y = np.meshgrid(*(np.linspace(0, 1, self._large, dtype=np.float32),) * 2)
        size = (self._large, self._large)
        self._colour = np.zeros((*size, 3), np.float32)
        self._opacity = np.zeros(size, np.float32)
        self._outline = np.zeros(size, np.float32)
        self._shadow = np.zeros(size, np.float32)

    def polygon(self, points: Sequence[Point]) -> Pixels:
        return self._filled(np.array([points]))

    def ellipse(self, centre: Point, radii: Point, turned: float = 0.0) -> Pixels:
        """`turned` is in degrees, clockwise."""
        angle = np.linspace(0, 2 * np.pi, 240)
        turn = np.deg2rad(turned)
        across, down = radii[0] * np.cos(angle), radii[1] * np.sin(angle)
        x = centre[0] + across * np.cos(turn) - down * np.sin(turn)
        y = centre[1] + across * np.sin(turn) + down * np.cos(turn)
        return self._filled(np.stack([x, y], 1)[None])

    def curve(self, points: Sequence[Point]) -> Pixels:
        """A closed smooth outline through the points (Catmull-Rom)."""
        given = np.array(points)
        steps = np.linspace(0, 1, 24, endpoint=False)[:, None]
        pieces = []
        for index in range(len(given)):
            a, b, c, d = (given[(index + offset) % len(given)] for offset in (-1, 0, 1, 2))
            pieces.append(
                0.5
                * (
                    2 * b
                    + (c - a) * steps
                    + (2 * a - 5 * b + 4 * c - d) * steps**2
                    + (3 * b - a - 3 * c + d) * steps**3
                )
            )
        return self._filled(np.concatenate(pieces)[None])

    def paint(
        self,
        shape: Pixels,
        colour: Colour,
        shade: Callable[[Pixels, Pixels], Pixels] | None = None,
        opacity: float = 1.0,
    ) -> None:
        rows, columns = np.flatnonzero(shape.any(1)), np.flatnonzero(shape.any(0))
        if not rows.size:
            return
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        x, y, share = self._x[box], self._y[box], shape[box]
        brightness = np.ones_like(x) if shade is None else shade(x, y)
        painted = np.array(colour, np.float32) * brightness[..., None]
        self._colour[box] += (painted - self._colour[box]) * share[..., None]
        self._opacity[box] += (opacity - self._opacity[box]) * share
        self._outline[box] = np.maximum(self._outline[box], share)

    def cut(self, shape: Pixels) -> None:
        """Open a hole through everything painted so far."""
        self._opacity *= 1 - shape
        self._outline *= 1 - shape

    def shadow(self, centre: Point, radii: Point, depth: float, blur: float) -> None:
        """A soft shadow on the paper; `depth` is the share of light taken, `blur` its softness."""
        spot = self.ellipse(centre, radii) * depth
        small = cv2.resize(spot, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), blur * self._large / 4), spot.shape)
        self._shadow = 1 - (1 - self._shadow) * (1 - soft)

    def photograph(self, name: str, holes: tuple[Point, ...] = ()) -> Sample:
        top, bottom = (
            np.array(colour, np.float32) for colour in (self._backdrop.top, self._backdrop.bottom)
        )
        paper: Pixels = top + (bottom - top) * (self._y**1.5)[..., None]
        vignette = 1 - 0.03 * ((self._x - 0.5) ** 2 + (self._y - 0.45) ** 2) * 2
        paper = paper * vignette[..., None] * (1 - self._shadow[..., None])
        opacity = self._opacity[..., None]
        seen = cv2.GaussianBlur(paper * (1 - opacity) + self._colour * opacity, (0, 0), 1.2)
        small = cv2.resize(seen, (self.side, self.side), interpolation=cv2.INTER_AREA)
        random = np.random.default_rng(zlib.crc32(name.encode()))
        noisy = small + random.normal(0, self._backdrop.noise, small.shape)
        outline = cv2.resize(self._outline, (self.side, self.side), interpolation=cv2.INTER_AREA)
        return Sample(name, _image(noisy), _image(outline * 255), holes)

    def _filled(self, points: Pixels) -> Pixels:
        shape = np.zeros((self._large, self._large), np.uint8)
        fixed = np.round(points * self._large * 2**_FRACTION_BITS).astype(np.int32)
        cv2.fillPoly(shape, list(fixed), 255, cv2.LINE_AA, _FRACTION_BITS)
        return shape.astype(np.float32) / 255


def _image(values: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(np.round(values), 0, 255).astype(np.uint8))
