"""Six products to photograph, each hard in its own way."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from imagery.samples.canvas import Backdrop, Canvas, Pixels, Point, Sample


def _round(
    centre: float, radius: float, light: float = -0.35
) -> Callable[[Pixels, Pixels], Pixels]:
    """An upright cylinder, lit from the left, with a narrow highlight."""

    def shade(x: Pixels, _: Pixels) -> Pixels:
        across = np.clip((x - centre) / radius, -1, 1)
        body = 0.62 + 0.42 * np.sqrt(1 - np.clip((across - light) / 1.5, -1, 1) ** 2)
        highlight = 0.3 * np.exp(-(((across - light * 1.3) / 0.12) ** 2))
        return np.asarray(body + highlight - 0.12)

    return shade


def _slope(first: float, last: float, angle: float = 90.0) -> Callable[[Pixels, Pixels], Pixels]:
    """Brightness from `first` to `last` across the picture, in the direction of the angle."""
    turn = np.deg2rad(angle)

    def shade(x: Pixels, y: Pixels) -> Pixels:
        return np.asarray(first + (last - first) * (x * np.cos(turn) + y * np.sin(turn)))

    return shade


def _fan(canvas: Canvas) -> tuple[Point, ...]:
    centre = (0.5, 0.38)
    canvas.shadow((0.51, 0.885), (0.21, 0.035), 0.5, 0.018)
    canvas.paint(canvas.ellipse((0.5, 0.865), (0.17, 0.045)), (52, 56, 64), _slope(0.7, 1.4, 0))
    canvas.paint(canvas.ellipse((0.5, 0.85), (0.165, 0.04)), (78, 84, 94), _slope(1.3, 0.8, 0))
    neck = canvas.polygon([(0.475, 0.4), (0.525, 0.4), (0.535, 0.85), (0.465, 0.85)])
    canvas.paint(neck, (92, 98, 108), _round(0.5, 0.035))
    canvas.paint(canvas.ellipse(centre, (0.29, 0.29)), (62, 68, 78), _slope(1.35, 0.8, 60))
    canvas.cut(canvas.ellipse(centre, (0.268, 0.268)))
    canvas.paint(
        canvas.polygon([(0.478, 0.4), (0.522, 0.4), (0.528, 0.68), (0.472, 0.68)]),
        (92, 98, 108),
        _round(0.5, 0.035),
    )
    for turned in (30, 150, 270):
        along = np.deg2rad(turned)
        middle = (centre[0] + 0.145 * np.cos(along), centre[1] + 0.145 * np.sin(along))
        blade = canvas.ellipse(middle, (0.135, 0.075), turned)
        canvas.paint(blade, (70, 128, 176), _slope(1.25, 0.75, turned + 90))
    for turned in range(0, 360, 60):
        along, aside = np.deg2rad(turned), np.deg2rad(turned + 90)
        reach, half = 0.28, 0.0035
        canvas.paint(
            canvas.polygon(
                [
                    (
                        centre[0] + far * reach * np.cos(along) + side * half * np.cos(aside),
                        centre[1] + far * reach * np.sin(along) + side * half * np.sin(aside),
                    )
                    for far, side in ((0, -1), (1, -1), (1, 1), (0, 1))
                ]
            ),
            (120, 126, 136),
        )
    canvas.paint(canvas.ellipse(centre, (0.062, 0.062)), (212, 164, 74), _slope(1.4, 0.7, 60))
    return ((0.445, 0.6), (0.325, 0.28), (0.69, 0.285))


def _mug(canvas: Canvas) -> tuple[Point, ...]:
    canvas.shadow((0.49, 0.8), (0.3, 0.05), 0.5, 0.022)
    handle = canvas.ellipse((0.69, 0.53), (0.145, 0.165))
    canvas.paint(handle, (196, 74, 58), _slope(1.3, 0.75, 80))
    canvas.cut(canvas.ellipse((0.69, 0.53), (0.095, 0.115)))
    body = canvas.curve(
        [
            (0.235, 0.3),
            (0.45, 0.262),
            (0.665, 0.3),
            (0.66, 0.55),
            (0.635, 0.755),
            (0.45, 0.81),
            (0.265, 0.755),
            (0.24, 0.55),
        ]
    )
    canvas.paint(body, (202, 76, 60), _round(0.45, 0.215))
    canvas.paint(canvas.ellipse((0.45, 0.3), (0.213, 0.05)), (226, 112, 94), _slope(1.1, 0.95, 0))
    canvas.paint(canvas.ellipse((0.45, 0.304), (0.193, 0.04)), (96, 36, 30), _slope(0.7, 1.5, 0))
    band = canvas.polygon([(0.24, 0.6), (0.66, 0.6), (0.652, 0.64), (0.247, 0.64)])
    canvas.paint(band * body, (244, 226, 204), _round(0.45, 0.215))
    return ((0.735, 0.53),)


def _lamp(canvas: Canvas) -> tuple[Point, ...]:
    canvas.shadow((0.51, 0.875), (0.19, 0.03), 0.45, 0.02)
    canvas.paint(canvas.ellipse((0.5, 0.86), (0.155, 0.04)), (128, 94, 52), _round(0.5, 0.155))
    canvas.paint(canvas.ellipse((0.5, 0.848), (0.15, 0.035)), (186, 142, 84), _slope(1.3, 0.75, 0))
    stem = canvas.curve(
        [
            (0.487, 0.42),
            (0.513, 0.42),
            (0.514, 0.55),
            (0.548, 0.66),
            (0.53, 0.77),
            (0.54, 0.85),
            (0.46, 0.85),
            (0.47, 0.77),
            (0.452, 0.66),
            (0.486, 0.55),
        ]
    )
    canvas.paint(stem, (186, 142, 84), _round(0.5, 0.05))
    shade = canvas.polygon([(0.375, 0.13), (0.625, 0.13), (0.75, 0.45), (0.25, 0.45)])
    canvas.paint(shade, (222, 196, 150), _round(0.5, 0.27))
    canvas.paint(canvas.ellipse((0.5, 0.45), (0.25, 0.032)), (214, 186, 138), _round(0.5, 0.25))
    canvas.paint(canvas.ellipse((0.5, 0.13), (0.125, 0.016)), (244, 226, 190), _slope(1.0, 0.9, 0))
    return ()


def _shoe(canvas: Canvas) -> tuple[Point, ...]:
    canvas.shadow((0.5, 0.735), (0.4, 0.035), 0.55, 0.016)
    upper = canvas.curve(
        [
            (0.13, 0.66),
            (0.115, 0.5),
            (0.12, 0.345),
            (0.2, 0.315),
            (0.3, 0.345),
            (0.4, 0.36),
            (0.5, 0.43),
            (0.63, 0.53),
            (0.78, 0.565),
            (0.88, 0.62),
            (0.885, 0.69),
            (0.5, 0.7),
        ]
    )
    canvas.paint(upper, (44, 74, 116), _slope(1.75, 0.5, 80))
    toe = canvas.curve([(0.74, 0.69), (0.76, 0.585), (0.84, 0.585), (0.9, 0.645), (0.89, 0.69)])
    canvas.paint(toe * upper, (30, 50, 84), _slope(1.9, 0.5, 80))
    opening = canvas.ellipse((0.215, 0.345), (0.085, 0.022), 8)
    canvas.paint(opening * upper, (22, 30, 44))
    for index in range(5):
        x, y = 0.41 + 0.05 * index, 0.395 + 0.036 * index
        lace = canvas.polygon(
            [(x, y), (x + 0.016, y + 0.004), (x - 0.045, y + 0.1), (x - 0.06, y + 0.09)]
        )
        canvas.paint(lace * upper, (238, 236, 228))
    swoosh = canvas.curve(
        [(0.2, 0.56), (0.3, 0.6), (0.44, 0.58), (0.56, 0.5), (0.43, 0.62), (0.28, 0.65)]
    )
    canvas.paint(swoosh * upper, (236, 120, 62), _slope(1.1, 0.95, 0))
    sole = canvas.curve(
        [
            (0.115, 0.66),
            (0.3, 0.675),
            (0.6, 0.685),
            (0.895, 0.67),
            (0.91, 0.7),
            (0.87, 0.735),
            (0.5, 0.74),
            (0.14, 0.735),
            (0.105, 0.7),
        ]
    )
    canvas.paint(sole, (214, 210, 202), _slope(1.6, 0.75, 88))
    return ()


def _bottle(canvas: Canvas) -> tuple[Point, ...]:
    canvas.shadow((0.5, 0.905), (0.14, 0.025), 0.4, 0.016)
    outline = canvas.curve(
        [
            (0.462, 0.09),
            (0.538, 0.09),
            (0.54, 0.2),
            (0.552, 0.31),
            (0.618, 0.4),
            (0.63, 0.5),
            (0.63, 0.75),
            (0.622, 0.895),
            (0.5, 0.91),
            (0.378, 0.895),
            (0.37, 0.75),
            (0.37, 0.5),
            (0.382, 0.4),
            (0.448, 0.31),
            (0.46, 0.2),
        ]
    )
    canvas.paint(outline, (52, 118, 84), _round(0.5, 0.135), opacity=0.72)
    neck = canvas.polygon([(0.45, 0.075), (0.55, 0.075), (0.55, 0.145), (0.45, 0.145)])
    canvas.paint(neck, (46, 46, 48), _round(0.5, 0.048))
    label = canvas.polygon([(0.371, 0.55), (0.629, 0.55), (0.629, 0.77), (0.371, 0.77)])
    canvas.paint(label * outline, (238, 230, 212), _round(0.5, 0.135))
    for top, half in ((0.6, 0.07), (0.64, 0.09), (0.68, 0.05)):
        stripe = canvas.polygon(
            [
                (0.5 - half, top),
                (0.5 + half, top),
                (0.5 + half, top + 0.014),
                (0.5 - half, top + 0.014),
            ]
        )
        canvas.paint(stripe, (70, 92, 74))
    return ()


def _white_box(canvas: Canvas) -> tuple[Point, ...]:
    canvas.shadow((0.52, 0.8), (0.27, 0.03), 0.18, 0.02)
    near, left, right = (0.46, 0.82), (0.24, 0.72), (0.78, 0.73)
    lift = 0.44
    front = [near, left, (left[0], left[1] - lift), (near[0], near[1] - lift - 0.01)]
    side = [near, right, (right[0], right[1] - lift), (near[0], near[1] - lift - 0.01)]
    back = (0.56, 0.2)
    canvas.paint(canvas.polygon(front), (231, 231, 233), _slope(1.0, 0.985, 90))
    canvas.paint(canvas.polygon(side), (216, 217, 220), _slope(1.0, 0.98, 90))
    canvas.paint(canvas.polygon([front[2], front[3], side[2], back]), (240, 240, 241))
    return ()


_DRAWN: Final[dict[str, Callable[[Canvas], tuple[Point, ...]]]] = {
    "fan": _fan,
    "mug": _mug,
    "lamp": _lamp,
    "shoe": _shoe,
    "bottle": _bottle,
    "white_box": _white_box,
}
SAMPLE_NAMES: Final = tuple(_DRAWN)
_BACKDROPS: Final = {"white_box": partial(Backdrop, (252, 252, 252), (249, 249, 250), 0.7)}


def draw_sample(name: str, *, side: int = 1000, backdrop: Backdrop | None = None) -> Sample:
    """The photo of that name, the same bytes each time; `side` in pixels.

    Raises KeyError for a name not in SAMPLE_NAMES.
    """
    draw = _DRAWN[name]
    canvas = Canvas(side, backdrop or _BACKDROPS.get(name, Backdrop)())
    return canvas.photograph(name, draw(canvas))
