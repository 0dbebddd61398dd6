"""Pictures made for checks: products of known place and size, before known paper."""

import io

import numpy as np
from PIL import Image, ImageDraw

WHITE = (255, 255, 255)


def encoded(picture: Image.Image, file_format: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    if file_format == "JPEG":
        options = {"quality": 92, "subsampling": 0, **options}
    picture.save(file, file_format, **options)
    return file.getvalue()


def plain(width: int, height: int, file_format: str = "JPEG") -> bytes:
    """A file of these sides; what it shows does not matter."""
    return encoded(Image.new("L", (width, height), 200), file_format)


def boxed(
    share: float,
    *,
    side: int = 600,
    paper: tuple[int, int, int] = WHITE,
    colour: tuple[int, int, int] = (70, 110, 160),
) -> Image.Image:
    """A box with a darker band, in the middle, whose longer side is this share of the picture's."""
    picture = Image.new("RGB", (side, side), paper)
    draw = ImageDraw.Draw(picture)
    wide, high = round(share * side), round(share * side * 0.6)
    left, top = (side - wide) // 2, (side - high) // 2
    draw.rectangle((left, top, left + wide - 1, top + high - 1), colour)
    darker = tuple(value // 2 for value in colour)
    draw.rectangle((left, top + high // 3, left + wide - 1, top + high // 2), darker)
    return picture


def greyed(picture: Image.Image, share: float, level: int = 200) -> Image.Image:
    """With this share of all the picture, from the top down, no lighter than `level`."""
    values = np.asarray(picture).copy()
    rows = round(share * values.shape[0])
    values[:rows] = np.minimum(values[:rows], level)
    return Image.fromarray(values)


def shadowed(picture: Image.Image, width: float) -> Image.Image:
    """With a soft shadow below the middle, of this width (one standard deviation, in pixels)."""
    values = np.asarray(picture, np.float32)
    height, wide = values.shape[:2]
    y, x = np.mgrid[:height, :wide]
    apart = (x - wide / 2) ** 2 + (y - height * 0.75) ** 2
    shade = 30 * np.exp(-apart / (2 * width**2))
    return Image.fromarray(np.clip(values - shade[..., None], 0, 255).astype(np.uint8))
