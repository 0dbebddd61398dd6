"""Pictures to render, as files of every kind, and looking into what became of them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 160, 20), (20, 20, 220), (255, 255, 255)


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def halves(width: int = 400, height: int = 200) -> Image.Image:
    """Red on the left, green on the right."""
    image = Image.new("RGB", (width, height), GREEN)
    image.paste(RED, (0, 0, width // 2, height))
    return image


def seen(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image


def colour_at(content: bytes, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place in shares of the picture's sides."""
    image = seen(content)
    if image.mode not in {"RGB", "RGBA"}:
        image = image.convert("RGB")
    found = image.getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(found, tuple)
    return tuple(int(level) for level in found)


def is_near(found: tuple[int, ...], expected: tuple[int, ...], within: int = 14) -> bool:
    return len(found) == len(expected) and all(
        abs(one - other) <= within for one, other in zip(found, expected, strict=True)
    )


def exchanged_profile() -> bytes:
    """A profile in which the primaries of red and green have changed places: far beyond sRGB."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = srgb.replace(b"rXYZ", b"gXYZ", 1)
    at = exchanged.rindex(b"gXYZ")
    return exchanged[:at] + b"rXYZ" + exchanged[at + 4 :]


def bomb(side: int) -> bytes:
    """A PNG that says it is of this size, and holds nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
