"""Where the product is in a picture: the outline that fill, white and fidelity are read from."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image

from imagery.studio.errors import NoOutline
from imagery.studio.outlining import Outline, outlines_of
from imagery.studio.paper import paper_behind
from imagery.studio.pixels import Pixels, disc, grown, lab_of, pixels_of

#: Outlines are looked for at this size: a pixel of it is 0.14 % of a side.
LOOKED_AT: Final = 700
_SMALLEST_SIDE: Final = 32
#: More than cutting asks for: a wrong measure would be worse than none.
_LEAST_CONFIDENCE: Final = 0.8
#: Opacity, of 255, above which something is there.
_SEEN: Final = 8
#: Beside the product neither the one nor the other: shadow of an edge, a JPEG's ringing.
_MARGIN: Final = 7
#: As wide as an outline leaves its seam.
_SEAM: Final = 6


@dataclass(frozen=True, slots=True)
class Silhouette:
    """Masks of the reduced picture: `product`, and `background` a little away from it.

    `lab` are the reduced picture's colours, on white where it is transparent; `doubles` what else
    the product could be, where the outline can be read in more than one way.
    """

    product: Pixels
    background: Pixels
    lab: Pixels
    doubles: tuple[Pixels, ...] = ()

    @property
    def fill(self) -> float:
        """The product's longer reach, as a share of the picture's side in that direction."""
        rows, columns = (np.flatnonzero(self.product.any(axis=axis)) for axis in (1, 0))
        height, width = self.product.shape
        reach = max(
            (rows[-1] + 1 - rows[0]) / height,
            (columns[-1] + 1 - columns[0]) / width,
        )
        return float(reach)


def silhouette_of(picture: Image.Image) -> Silhouette:
    """Of an RGB picture by its outline, of an RGBA one by its opacity.

    Raises NotSeamless where the background is not plain, NoOutline where nothing stands out.
    """
    if min(picture.size) < _SMALLEST_SIDE:
        raise NoOutline("too_small", f"Below {_SMALLEST_SIDE} pixels no product can be made out.")
    small = picture.copy()
    small.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.LANCZOS, reducing_gap=2.0)
    lab = lab_of(pixels_of(on_white_ground(small)))
    product, *doubles = _by_opacity(small) if small.mode == "RGBA" else _by_outline(lab)
    return Silhouette(product, ~grown(product, _MARGIN), lab, tuple(doubles))


def on_white_ground(picture: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes white."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, (255, 255, 255))
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _by_opacity(picture: Image.Image) -> list[Pixels]:
    product = np.asarray(picture.getchannel("A")) > _SEEN
    if not product.any():
        raise NoOutline("nothing_found", "The picture is transparent all over.")
    return [np.asarray(product)]


def _by_outline(lab: Pixels) -> list[Pixels]:
    paper = paper_behind(lab)
    best, *others = outlines_of(lab, paper)
    if best.confidence < _LEAST_CONFIDENCE:
        raise NoOutline("unsure_outline", "The product hardly differs from what is behind it.")
    difference = np.linalg.norm(lab - paper.colours, axis=2)
    return [_sharpened(outline, difference) for outline in (best, *others)]


def _sharpened(outline: Outline, difference: Pixels) -> Pixels:
    """In the seam between the two, a pixel is the product's that differs from the paper by more
    than half of what differs most nearby."""
    most = cv2.dilate(difference, disc(_SEAM))
    return np.asarray(outline.product | (~outline.paper & (difference > most / 2)))
