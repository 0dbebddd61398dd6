"""The swatch grid: a product's variants side by side, each with its name."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from imagery.studio.composing import SIDE
from imagery.studio.errors import UnknownWish
from imagery.studio.lettering import Font, fitted_lines, font_of

#: With more variants the last place says how many are not shown.
MOST_SHOWN: Final = 36
_PAPER: Final = (255, 255, 255)
_TILE: Final = (246, 246, 244)
_INK: Final = (38, 40, 44)
_FAINT: Final = (150, 152, 156)
_MARGIN: Final = 0.05
_GAP: Final = 0.022
_LABEL: Final = 0.2


@dataclass(frozen=True, slots=True)
class Swatch:
    """A variant by its name, and its picture (RGB or RGBA), or None where there is none yet."""

    label: str
    picture: Image.Image | None


def swatch_grid(swatches: Sequence[Swatch], *, side: int = SIDE) -> Image.Image:
    """RGB, `side` pixels square, the variants in the order given.

    Raises UnknownWish for no variant at all.
    """
    if not swatches:
        raise UnknownWish("no_variants", "A swatch grid needs at least one variant.")
    shown = list(swatches[:MOST_SHOWN])
    if len(swatches) > MOST_SHOWN:
        shown[-1] = Swatch(f"and {len(swatches) - MOST_SHOWN + 1} more", None)
    columns = math.ceil(math.sqrt(len(shown)))
    rows = math.ceil(len(shown) / columns)
    grid = Image.new("RGB", (side, side), _PAPER)
    margin, gap = round(_MARGIN * side), round(_GAP * side * 3 / (columns + 2))
    cell = (side - 2 * margin - (columns - 1) * gap) // columns
    height = rows * cell + (rows - 1) * gap
    for index, swatch in enumerate(shown):
        row, column = divmod(index, columns)
        in_row = min(columns, len(shown) - row * columns)
        left = (side - in_row * cell - (in_row - 1) * gap) // 2 + column * (cell + gap)
        top = (side - height) // 2 + row * (cell + gap)
        missing = "" if index == MOST_SHOWN - 1 < len(swatches) - 1 else "no picture yet"
        grid.paste(_tile(swatch, cell, missing), (left, top))
    return grid


def _tile(swatch: Swatch, cell: int, missing: str) -> Image.Image:
    tile = Image.new("RGB", (cell, cell), _PAPER)
    draw = ImageDraw.Draw(tile)
    label = round(_LABEL * cell)
    box = (0, 0, cell - 1, cell - label - 1)
    draw.rounded_rectangle(box, radius=round(cell * 0.04), fill=_TILE)
    size = max(9, round(cell * 0.068))
    font = font_of(size)
    if swatch.picture is None:
        middle = (cell / 2, (cell - label) / 2)
        draw.text(middle, missing, font=font, fill=_FAINT, anchor="mm")
    else:
        _lay(swatch.picture, tile, box, round(cell * 0.06))
    _write(draw, swatch.label, font, (cell, cell - label, size))
    return tile


def _lay(picture: Image.Image, tile: Image.Image, box: tuple[int, ...], margin: int) -> None:
    room = (max(1, box[2] - 2 * margin), max(1, box[3] - 2 * margin))
    small = picture.convert("RGBA")
    if cropped := small.getchannel("A").getbbox():
        small = small.crop(cropped)
    factor = min(room[0] / small.width, room[1] / small.height)
    size = (max(1, round(small.width * factor)), max(1, round(small.height * factor)))
    small = small.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    tile.paste(small, ((box[2] - small.width) // 2, (box[3] - small.height) // 2), small)


def _write(draw: ImageDraw.ImageDraw, text: str, font: Font, place: tuple[int, int, int]) -> None:
    width, top, size = place
    for number, line in enumerate(fitted_lines(text, font, width=width * 0.96, most=2)):
        y = top + size * (0.95 + 1.2 * number)
        draw.text((width / 2, y), line, font=font, fill=_INK, anchor="mm")
