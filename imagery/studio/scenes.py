"""Rooms to stand a product in: rendered walls, floors and light, the same for the same name.

All light comes from the upper left. Sizes are in shares of the picture's side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imagery.studio.pixels import Pixels, blurred

Colour = tuple[int, int, int]
#: Drawn at this size and enlarged: but for its grain, all of a backdrop is soft.
_DRAWN_AT: Final = 1000


@dataclass(frozen=True, slots=True)
class Scene:
    """`colours` is float32 RGB; a product's foot belongs at `foot`, in the middle, and it may be
    as wide and as high as `room`. `tint` is the colour of the light on it, near (1, 1, 1)."""

    colours: Pixels
    foot: float
    room: tuple[float, float]
    tint: tuple[float, float, float]


def build_scene(name: str, side: int) -> Scene:
    """Raises KeyError for a name not in SCENE_NAMES."""
    drawn = _SCENES[name]()
    large = cv2.resize(drawn.colours, (side, side), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(7).normal(0, 1.1, (side, side, 1)).astype(np.float32)
    return Scene(np.clip(large + grain, 0, 255), drawn.foot, drawn.room, drawn.tint)


def _grid() -> tuple[Pixels, Pixels]:
    along = np.linspace(0, 1, _DRAWN_AT, dtype=np.float32)
    x, y = np.meshgrid(along, along)
    return x, y


def _plain(colour: Colour) -> Pixels:
    return np.full((_DRAWN_AT, _DRAWN_AT, 3), colour, np.float32)


def _lit(colours: Pixels, centre: tuple[float, float], reach: float, low: float) -> Pixels:
    """Brightest at the centre, falling softly to `low` of it."""
    x, y = _grid()
    away = ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2
    return colours * (low + (1.04 - low) * np.exp(-away))[..., None]


def _clouds(seed: int, size: tuple[int, int], strength: float) -> Pixels:
    """Uneven brightness around 1, in spots as many as `size` (across, down) says."""
    spots = np.random.default_rng(seed).normal(0, strength, size[::-1]).astype(np.float32)
    full = (_DRAWN_AT, _DRAWN_AT)
    return 1 + np.asarray(cv2.resize(spots, full, interpolation=cv2.INTER_CUBIC))[..., None]


def _floor_below(wall: Pixels, floor: Pixels, line: float, softness: float) -> Pixels:
    _, y = _grid()
    share = 0.5 + 0.5 * np.tanh((y - line) / (2 * softness))[..., None]
    crease = 1 - 0.16 * np.exp(-np.abs(y - line) / 0.02)[..., None]
    return np.asarray((wall * (1 - share) + floor * share) * crease)


def _polygon(points: list[tuple[float, float]], blur: float) -> Pixels:
    shape = np.zeros((_DRAWN_AT, _DRAWN_AT), np.uint8)
    fixed = np.round(np.array([points]) * _DRAWN_AT * 16).astype(np.int32)
    cv2.fillPoly(shape, list(fixed), 255, cv2.LINE_AA, 4)
    soft = shape.astype(np.float32) / 255
    return (blurred(soft, blur * _DRAWN_AT) if blur else soft)[..., None]


def _ellipse(centre: tuple[float, float], radii: tuple[float, float], blur: float = 0) -> Pixels:
    angle = np.linspace(0, 2 * np.pi, 240)
    x = centre[0] + radii[0] * np.cos(angle)
    y = centre[1] + radii[1] * np.sin(angle)
    return _polygon(list(zip(x.tolist(), y.tolist(), strict=True)), blur)


def _window() -> Scene:
    """A warm plaster wall with the light of a window on it, above a pale floor."""
    wall = _lit(_plain((226, 208, 188)), (0.3, 0.28), 0.75, 0.74) * _clouds(1, (9, 9), 0.012)
    wall = wall * _clouds(2, (90, 90), 0.006)
    for column in range(2):
        for row in range(3):
            left, top = 0.5 + 0.165 * column, 0.06 + 0.165 * row + 0.05 * column
            pane = [(left, top), (left + 0.145, top + 0.044),
                    (left + 0.145, top + 0.19), (left, top + 0.146)]  # fmt: skip
            wall = wall * (1 + 0.13 * _polygon(pane, 0.006))
    floor = _lit(_plain((214, 192, 168)), (0.45, 0.8), 0.6, 0.78) * _clouds(3, (5, 60), 0.008)
    return Scene(_floor_below(wall, floor, 0.7, 0.002), 0.86, (0.56, 0.62), (1.015, 1.0, 0.98))


def _arch() -> Scene:
    """A sage wall with an arched niche, and a low round stand before it."""
    wall = _lit(_plain((172, 184, 164)), (0.32, 0.25), 0.85, 0.72) * _clouds(4, (80, 80), 0.006)
    angle = np.linspace(np.pi, 2 * np.pi, 90)
    round_top = [(0.5 + 0.34 * np.cos(a), 0.42 + 0.34 * np.sin(a)) for a in angle]
    outline = [*round_top, (0.84, 0.76), (0.16, 0.76)]
    niche = _polygon(outline, 0.0008)
    depth = _polygon([(x + 0.03, y + 0.025) for x, y in outline], 0.018)
    inner = _lit(_plain((196, 206, 188)), (0.6, 0.4), 0.6, 0.78) * (0.8 + 0.2 * depth)
    wall = wall * (1 - niche) + inner * niche
    floor = _lit(_plain((188, 198, 180)), (0.45, 0.85), 0.6, 0.76)
    scene = _floor_below(wall, floor, 0.76, 0.0016)
    foot, half = 0.86, 0.36
    shadow = _ellipse((0.54, foot + 0.075), (half, 0.075), 0.02)
    scene = scene * (1 - 0.3 * shadow)
    x, _ = _grid()
    round_light = (1.02 - 0.22 * np.clip((x - 0.36) / half, -1, 1) ** 2)[..., None]
    left, right = 0.5 - half, 0.5 + half
    front = [(left, foot), (right, foot), (right, foot + 0.06), (left, foot + 0.06)]
    body = np.maximum(_ellipse((0.5, foot + 0.06), (half, 0.07)), _polygon(front, 0))
    scene = scene * (1 - body) + _plain((206, 210, 196)) * round_light * body
    top = _ellipse((0.5, foot), (half, 0.07))
    plate = _lit(_plain((228, 231, 219)), (0.4, foot), 0.4, 0.88)
    return Scene(scene * (1 - top) + plate * top, foot + 0.018, (0.56, 0.7), (1.0, 1.005, 0.99))


def _sweep() -> Scene:
    """One sheet of sand-coloured paper, curving from wall to floor, in a pool of light."""
    sheet = _lit(_plain((228, 202, 178)), (0.44, 0.5), 0.62, 0.7)
    _, y = _grid()
    bend = 1 - 0.07 * np.exp(-(((y - 0.68) / 0.09) ** 2)) + 0.05 * np.clip((y - 0.72) / 0.28, 0, 1)
    return Scene(sheet * bend[..., None], 0.85, (0.68, 0.72), (1.01, 1.0, 0.985))


def _oak() -> Scene:
    """An oak table top before a blue-grey wall out of focus."""
    wall = _lit(_plain((150, 164, 172)), (0.3, 0.22), 0.7, 0.66)
    for centre, size, glow in (((0.84, 0.24), 0.13, 0.12), ((0.12, 0.5), 0.09, 0.08)):
        wall = wall * (1 + glow * _ellipse(centre, (size, size), 0.03))
    x, y = _grid()
    line = 0.67
    depth = np.clip((y - line) / (1 - line), 1e-3, 1)
    nearness = 0.35 + 0.65 * depth
    across = (x - 0.5) / nearness * 3.2 + 20
    board = np.floor(across)
    shade = 1 + 0.05 * np.sin(board * 12.9898) + 0.02 * np.sin(board * 78.233)
    veins = np.sin(across * 34 + 3 * np.sin(board * 5 + 2.2 / nearness) + 1.4 / nearness)
    fine = np.sin(across * 131 + 9 * np.sin(board * 3 + 1.3 / nearness))
    within = across - board
    seam = sum(np.exp(-(((within - edge) / 0.014) ** 2)) for edge in (0, 1))
    grain = (shade + 0.022 * veins + 0.01 * fine) * (1 - 0.3 * seam)
    far = np.clip(depth * 3, 0, 1)[..., None]
    sharp = grain[..., None].astype(np.float32)
    soft = blurred(sharp[..., 0], 4)[..., None]
    table = _plain((198, 158, 116)) * (soft * (1 - far) + sharp * far)
    table = _lit(table, (0.42, 0.82), 0.6, 0.74)
    return Scene(_floor_below(wall, table, line, 0.004), 0.87, (0.66, 0.7), (1.01, 1.0, 0.985))


_SCENES: Final[dict[str, Callable[[], Scene]]] = {
    "window": _window,
    "arch": _arch,
    "sweep": _sweep,
    "oak": _oak,
}
SCENE_NAMES: Final = tuple(_SCENES)
