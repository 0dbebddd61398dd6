"""The plain surface behind a product, told from the picture's rim."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from imagery.studio.errors import NotSeamless
from imagery.studio.pixels import Pixels, blurred

_RIM: Final = 0.03
_ROUNDS: Final = 6
#: Distances in Lab. What lies within belongs to the paper.
_NEAR: Final = 4.0
#: So much of the rim must be paper: a product may leave the picture on one side, not on all.
_LEAST_SHARE: Final = 0.6
_MOST_NOISE: Final = 4.0


@dataclass(frozen=True, slots=True)
class Paper:
    """`colours` is the surface as it would be without a product (Lab); `noise` the grain of its
    lightness, one standard deviation; `share` how much of the rim it explains."""

    colours: Pixels
    noise: float
    share: float


def paper_behind(lab: Pixels) -> Paper:
    """A smooth surface of second order through the rim, deaf to what else touches the rim.

    Raises NotSeamless where no such surface explains the rim.
    """
    height, width = lab.shape[:2]
    rim = np.ones((height, width), bool)
    depth = max(2, round(min(height, width) * _RIM))
    rim[depth : height - depth, depth : width - depth] = False
    basis = _basis(height, width)
    places, seen = basis[rim], lab[rim]
    grain = lab[..., 0] - blurred(lab[..., 0], 2)
    noise = 1.4826 * float(np.median(np.abs(grain[rim])))
    trusted = _of_the_likeliest_colour(seen)
    for _ in range(_ROUNDS):
        factors = np.linalg.lstsq(places[trusted], seen[trusted], rcond=None)[0]
        away = np.linalg.norm(seen - places @ factors, axis=1)
        trusted = away < max(_NEAR, 3.5 * noise)
        if trusted.mean() < _LEAST_SHARE:
            raise _not_seamless()
    if noise > _MOST_NOISE:
        raise _not_seamless()
    return Paper((basis @ factors).astype(np.float32), noise, float(trusted.mean()))


def _of_the_likeliest_colour(seen: Pixels) -> Pixels:
    middle = np.median(seen, axis=0)
    away = np.linalg.norm(seen - middle, axis=1)
    return np.asarray(away <= np.quantile(away, 0.7))


def _basis(height: int, width: int) -> Pixels:
    y, x = np.meshgrid(
        np.linspace(-1, 1, height, dtype=np.float32),
        np.linspace(-1, 1, width, dtype=np.float32),
        indexing="ij",
    )
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _not_seamless() -> NotSeamless:
    return NotSeamless(
        "not_seamless",
        "What is behind the product is not one plain surface, so it cannot be cut out here.",
    )
