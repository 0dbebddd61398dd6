"""The five presets of a shop, in both formats, of every picture in a directory: in three ways.

All encode with the same settings, and resample with the same kernel.
"""

import io
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import pyvips
from PIL import Image

from benchmarks.outcome import Outcome
from imagery.renditions.cascade import render
from imagery.renditions.presets import SHOP_PRESETS

_JPEG_QUALITY, _WEBP_QUALITY, _WEBP_METHOD = 85, 80, 2
#: Longest sides, falling.
_SIDES = [preset.width for preset in SHOP_PRESETS]
Files = list[bytes]


def measure(*, directory: str, way: str) -> Outcome:
    """`cpu` is of all threads; `shapes` are those of all files, `bytes` is their sum."""
    pictures = [path.read_bytes() for path in sorted(Path(directory).iterdir())]
    make = _WAYS[way]
    make(pictures[0])
    began, used = perf_counter(), process_time()
    made = [make(picture) for picture in pictures]
    seconds = {"total": perf_counter() - began, "cpu": process_time() - used}
    shapes = sorted(_shape(content) for files in made for content in files)
    total_bytes = sum(len(content) for files in made for content in files)
    return Outcome(seconds, facts={"shapes": shapes, "bytes": total_bytes})


def _shape(content: bytes) -> str:
    with Image.open(io.BytesIO(content)) as image:
        return f"{image.format} {image.width} x {image.height}"


def _cascade(picture: bytes) -> Files:
    return [each.content for each in render(picture, SHOP_PRESETS)]


def _size_by_size(picture: bytes) -> Files:
    """As it is usually written: each size from the file, decoded no larger than it has to be."""
    made = []
    for side in _SIDES:
        with Image.open(io.BytesIO(picture)) as image:
            image.thumbnail((side, side), Image.Resampling.BICUBIC)
            made.append(_saved(image, "JPEG", quality=_JPEG_QUALITY, optimize=True))
            made.append(_saved(image, "WEBP", quality=_WEBP_QUALITY, method=_WEBP_METHOD))
    return made


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _vips(picture: bytes) -> Files:
    """A cascade too, each size kept in memory for the next; libvips' own threads at work."""
    image = pyvips.Image.new_from_buffer(picture, "", access="sequential").copy_memory()
    made = []
    for side in _SIDES:
        longest = max(image.width, image.height)
        if longest > side:
            image = image.resize(side / longest, kernel="cubic").copy_memory()
        made.append(image.jpegsave_buffer(Q=_JPEG_QUALITY, optimize_coding=True, keep="none"))
        made.append(image.webpsave_buffer(Q=_WEBP_QUALITY, effort=_WEBP_METHOD, keep="none"))
    return made


_WAYS: dict[str, Callable[[bytes], Files]] = {
    "cascade": _cascade,
    "size by size": _size_by_size,
    "pyvips": _vips,
}
