"""The true cut-out in a rendered setting: on a floor with its shadows, or on pure white.

The product's pixels stay what they were, but for size and, in a scene, up to 2 % of light colour.
"""

import zlib
from typing import Final

import cv2
import numpy as np
from PIL import Image

from imagery.studio.cutting import trimmed
from imagery.studio.pixels import Pixels, blurred, image_of, pixels_of
from imagery.studio.scenes import SCENE_NAMES, build_scene

SIDE: Final = 2000
#: Of a white picture's longer dimension, the product takes this share: Amazon asks for 85 %.
_FILL: Final = 0.87
#: A product is not enlarged beyond this to fill a picture: it would look washed out.
_MOST_ENLARGED: Final = 4.0
#: How much of the product's lower end may touch the floor, as a share of its height.
_FOOT: Final = 0.12


def scene_for(wish: str) -> str:
    """The scene whose name is a word of the wish (a prompt); else one chosen by its checksum."""
    words = wish.lower().split()
    named = [name for name in SCENE_NAMES if name in words]
    return named[0] if named else SCENE_NAMES[zlib.crc32(wish.encode()) % len(SCENE_NAMES)]


def in_scene(product: Image.Image, scene_name: str, *, side: int = SIDE) -> Image.Image:
    """RGB, `side` pixels square. `product` is RGBA, its margin of no account.

    Raises NoOutline for a product that is transparent all over, KeyError for an unknown scene.
    """
    scene = build_scene(scene_name, side)
    piece = _fitted(trimmed(product), scene.room[0] * side, scene.room[1] * side)
    left, top = (side - piece.width) // 2, round(scene.foot * side) - piece.height
    solid = _placed(pixels_of(piece.getchannel("A")) / 255, left, top, side)
    colours = scene.colours * (1 - _cast_shadow(solid, top + piece.height, 0.32))[..., None]
    colours *= (1 - _contact_shadow(solid, top + piece.height, 0.62))[..., None]
    return _laid_on(colours, piece, left, top, scene.tint)


def on_white(product: Image.Image, *, side: int = SIDE) -> Image.Image:
    """RGB, pure white but for the product and a faint shadow at its foot; raises NoOutline."""
    piece = _fitted(trimmed(product), _FILL * side, _FILL * side)
    left, top = (side - piece.width) // 2, (side - piece.height) // 2
    solid = _placed(pixels_of(piece.getchannel("A")) / 255, left, top, side)
    # Its faintest reach is dropped: marketplaces want the rim pure white.
    shadow = np.maximum(_contact_shadow(solid, top + piece.height, 0.3) - 0.02, 0)
    colours = np.full((side, side, 3), 255, np.float32) * (1 - shadow)[..., None]
    return _laid_on(colours, piece, left, top, (1.0, 1.0, 1.0))


def _fitted(piece: Image.Image, width: float, height: float) -> Image.Image:
    factor = min(width / piece.width, height / piece.height, _MOST_ENLARGED)
    size = (max(1, round(piece.width * factor)), max(1, round(piece.height * factor)))
    # Scaled with its opacity multiplied in, or colours under transparency would bleed.
    return piece.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _placed(values: Pixels, left: int, top: int, side: int) -> Pixels:
    whole = np.zeros((side, side), np.float32)
    whole[top : top + values.shape[0], left : left + values.shape[1]] = values
    return whole


def _laid_on(
    colours: Pixels, piece: Image.Image, left: int, top: int, tint: tuple[float, float, float]
) -> Image.Image:
    values = pixels_of(piece)
    share = values[..., 3:] / 255
    box = np.s_[top : top + piece.height, left : left + piece.width]
    lit = np.minimum(values[..., :3] * np.array(tint, np.float32), 255)
    colours[box] = colours[box] * (1 - share) + lit * share
    return image_of(colours)


def _contact_shadow(solid: Pixels, foot: int, depth: float) -> Pixels:
    """Dark and narrow where the product meets the floor, wider and fainter around it."""
    side = solid.shape[0]
    rows = np.flatnonzero(solid.any(axis=1))
    height = len(rows)
    columns = np.flatnonzero((solid > 0.5).any(axis=0))
    lowest = side - 1 - np.argmax(solid[::-1] > 0.5, axis=0)[columns]
    nearness = np.clip(1 - (foot - lowest) / (_FOOT * height), 0, 1)
    touch = np.zeros_like(solid)
    thickness = max(2, round(0.006 * side))
    for column, row, near in zip(columns, lowest, nearness, strict=True):
        touch[row - thickness // 2 : row + thickness, column] = near
    tight, wide = blurred(touch, 0.004 * side), _soft(touch, 0.02 * side)
    return np.asarray(np.clip(depth * np.maximum(tight, 1.6 * wide), 0, 0.9))


def _cast_shadow(solid: Pixels, foot: int, depth: float) -> Pixels:
    """The silhouette laid down on the floor to the right, softer and fainter with distance."""
    side = solid.shape[0]
    flatness, lean = 0.22, 0.5
    # Maps the shadow's place back to the silhouette's: y is squeezed, x is sheared.
    back = np.array(
        [[1, lean / flatness, -lean / flatness * foot], [0, 1 / flatness, foot - foot / flatness]],
        np.float32,
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(blurred(solid, 2.5), back, (side, side), flags=flags)
    distance = np.clip((foot - np.arange(side, dtype=np.float32)) / (0.2 * side), 0, 1)[:, None]
    near, far = _soft(laid, 0.007 * side), _soft(laid, 0.024 * side)
    return np.asarray((near * (1 - distance) + far * distance) * depth * (1 - 0.6 * distance))


def _soft(values: Pixels, sigma: float) -> Pixels:
    """As blurred, for a wide blur: worked out at a quarter of the size."""
    small = cv2.resize(values, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    size = (values.shape[1], values.shape[0])
    return np.asarray(cv2.resize(blurred(small, sigma / 4), size))
