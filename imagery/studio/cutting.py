"""A product cut out of its photo, with soft clean edges, or a refusal that says why."""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from imagery.studio.errors import NoOutline
from imagery.studio.matting import matted
from imagery.studio.outlining import outline_of
from imagery.studio.paper import paper_behind
from imagery.studio.pixels import lab_of, pixels_of

#: Outlines are looked for at this size; edges are then worked out at the photo's own.
_LOOKED_AT: Final = 1200
_SMALLEST_SIDE: Final = 32
_LEAST_CONFIDENCE: Final = 0.6


@dataclass(frozen=True, slots=True)
class CutOut:
    """`picture` is RGBA of the photo's size; `confidence`, 0..1, how steady its outline was."""

    picture: Image.Image
    confidence: float


def cut_out(photo: Image.Image) -> CutOut:
    """Cut along the outline; a photo that comes with transparency is taken as cut out already.

    Raises NotSeamless, or NoOutline.
    """
    if photo.mode == "RGBA":
        return CutOut(photo, 1.0)
    if min(photo.size) < _SMALLEST_SIDE:
        raise NoOutline("too_small", f"Below {_SMALLEST_SIDE} pixels there is nothing to cut out.")
    small = photo.copy()
    small.thumbnail((_LOOKED_AT, _LOOKED_AT), Image.Resampling.LANCZOS)
    lab = lab_of(pixels_of(small))
    outline = outline_of(lab, paper_behind(lab))
    if outline.confidence < _LEAST_CONFIDENCE:
        raise NoOutline(
            "unsure_outline", "The product hardly differs from what is behind it; it was not cut."
        )
    return CutOut(matted(photo, outline), outline.confidence)


def trimmed(picture: Image.Image) -> Image.Image:
    """Without the transparent margin. Raises NoOutline where everything is transparent."""
    box = picture.getchannel("A").point(lambda level: 255 if level > 8 else 0).getbbox()
    if box is None:
        raise NoOutline("nothing_found", "The picture is transparent all over.")
    return picture.crop(box)
