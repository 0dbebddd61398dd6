"""The cascade: one decode, each size from a larger one, each file from the size it needs.

Pixels of several threads at once: Pillow lets others work while it encodes or resamples.
"""

import io
import os
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from PIL import Image

from imagery.jpeg_files import jpeg
from imagery.marking import DigitalSource, marked, source_of
from imagery.renditions.decoding import decode
from imagery.renditions.presets import Format, Preset

#: Catmull and Rom's cubic: next to Lanczos, a seventh less work.
_RESAMPLING: Final = Image.Resampling.BICUBIC
#: A size is made from one at least this many times as long, so that it hardly shows that it was
#: resampled before.
_FAR_ENOUGH: Final = 2
#: Far larger ones are first made smaller by a whole number, which is quick (see Pillow's resize).
_GAP: Final = 2.0
_WEBP_QUALITY: Final = 80
#: libwebp's effort, 0..6: from 2 to 4 files get 5 % smaller and take 2.4 times as long.
_WEBP_METHOD: Final = 2
#: Tried in turn where a file must not be larger than so many bytes.
_LESS_QUALITY: Final = (80, 65, 50)
_FOR_THE_MARK: Final = 2_000
_WHITE: Final = (255, 255, 255)
_THREADS: Final = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file; width and height in pixels."""

    preset: Preset
    format: Format
    content: bytes = field(repr=False)
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def render(
    content: bytes, presets: Collection[Preset], *, threads: int = _THREADS
) -> list[Rendered]:
    """Every format of every preset; metadata are gone but for the digital source.

    `threads` encode at once. Raises CannotBeRendered if the picture cannot be used.
    """
    base = decode(content, side=max(max(preset.width, preset.height) for preset in presets))
    source = source_of(content)
    made = {base.size: base}
    with ThreadPoolExecutor(threads, thread_name_prefix="rendition") as pool:
        begun: list[Future[Rendered]] = []
        for preset, size in _falling(presets, base.size):
            picture = _made(made, size)
            begun += [
                pool.submit(_rendered, picture, preset, format, source) for format in preset.formats
            ]
        return [future.result() for future in begun]


def _falling(
    presets: Collection[Preset], size: tuple[int, int]
) -> list[tuple[Preset, tuple[int, int]]]:
    sizes = [(preset, preset.size_of(*size)) for preset in presets]
    return sorted(sizes, key=lambda each: each[1], reverse=True)


def _made(made: dict[tuple[int, int], Image.Image], size: tuple[int, int]) -> Image.Image:
    """The picture in this size, from the smallest that is large enough, else from the first."""
    if size not in made:
        enough = [each for each in made if max(each) >= _FAR_ENOUGH * max(size)]
        origin = made[min(enough)] if enough else next(iter(made.values()))
        made[size] = origin.resize(size, _RESAMPLING, reducing_gap=_GAP)
    return made[size]


def _rendered(
    picture: Image.Image, preset: Preset, format: Format, source: DigitalSource | None
) -> Rendered:
    if format is Format.JPEG:
        shown = _on_white(picture, preset.canvas_of(picture.size))
        content = _jpeg(shown, preset)
    else:
        shown, content = picture, _webp(picture)
    if source is not None:
        content = marked(content, source)
    return Rendered(preset, format, content, *shown.size)


def _on_white(picture: Image.Image, canvas: tuple[int, int]) -> Image.Image:
    """JPEG knows no transparency."""
    if picture.mode == "RGB" and picture.size == canvas:
        return picture
    paper = Image.new("RGB", canvas, _WHITE)
    left, top = ((whole - part) // 2 for whole, part in zip(canvas, picture.size, strict=True))
    paper.paste(picture, (left, top), picture if picture.mode == "RGBA" else None)
    return paper


def _jpeg(picture: Image.Image, preset: Preset) -> bytes:
    content = b""
    for quality in (preset.jpeg_quality, *_LESS_QUALITY):
        content = jpeg(picture, quality=quality, full_colour=preset.has_full_colour)
        if preset.most_bytes is None or len(content) + _FOR_THE_MARK <= preset.most_bytes:
            break
    return content


def _webp(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    # A copy: Pillow notes on a picture how it is to be saved, and other threads have it too.
    picture.copy().save(file, "WEBP", quality=_WEBP_QUALITY, method=_WEBP_METHOD)
    return file.getvalue()
