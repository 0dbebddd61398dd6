"""The seam between product and paper, pixel by pixel: how much of each, and the product's colour.

A pixel on an edge shows both; its share is where it lies between the two colours nearby, and the
paper's part is taken out of it, so that no pale fringe is left on another background.
"""

from typing import Final

import numpy as np
from PIL import Image

from imagery.studio.outlining import Outline
from imagery.studio.pixels import Pixels, blurred, image_of

#: Only tiles with a doubtful pixel are worked out, one at a time: it bounds time and memory.
_TILE: Final = 256
#: Below this difference of colours (levels of 255) grain would show: smoothed before comparing.
_FAINT: Final = 24.0
_LOW: Final = 0.08
_HIGH: Final = 0.92


def matted(photo: Image.Image, outline: Outline) -> Image.Image:
    """The photo (RGB) as RGBA at its own size; the outline may be of a smaller one."""
    width, height = photo.size
    scale = max(1.0, width / outline.product.shape[1])
    product, paper = (
        np.asarray(image_of(mask * 255.0).resize((width, height), Image.Resampling.BILINEAR)) > 200
        for mask in (outline.product, outline.paper)
    )
    reach = 4.0 * scale
    colours = np.asarray(photo)
    result = np.asarray(photo.convert("RGBA")).copy()
    result[..., 3] = np.where(product, 255, 0)
    result[paper] = 0
    margin = round(reach * 4)
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            tile = np.s_[top : top + _TILE, left : left + _TILE]
            if (product | paper)[tile].all():
                continue
            y, x = max(0, top - margin), max(0, left - margin)
            wide = np.s_[y : top + _TILE + margin, x : left + _TILE + margin]
            seen = _seam(colours[wide].astype(np.float32), product[wide], paper[wide], reach)
            shown = result[tile]
            shown[:] = seen[top - y :, left - x :][: shown.shape[0], : shown.shape[1]]
    return Image.fromarray(result)


def _seam(colours: Pixels, product: Pixels, paper: Pixels, reach: float) -> Pixels:
    front, back = _nearby(colours, product, reach), _nearby(colours, paper, reach)
    between = front - back
    contrast = np.einsum("ijk,ijk->ij", between, between)
    faint = (contrast < _FAINT**2)[..., None]
    seen = np.where(faint, blurred(colours, 1.0), colours)
    share = np.einsum("ijk,ijk->ij", seen - back, between) / np.maximum(contrast, 1.0)
    share = np.clip((share - _LOW) / (_HIGH - _LOW), 0, 1)
    share = np.where(product, 1.0, np.where(paper, 0.0, share))[..., None]
    unmixed = (colours - (1 - share) * back) / np.maximum(share, 0.25)
    trust = np.clip((share - 0.3) / 0.6, 0, 1)
    cleaned = np.where(share >= 1, colours, trust * unmixed + (1 - trust) * front)
    cleaned = np.where(share > 0, cleaned, 0)
    return np.clip(np.round(np.concatenate([cleaned, share * 255], 2)), 0, 255).astype(np.uint8)


def _nearby(colours: Pixels, mask: Pixels, reach: float) -> Pixels:
    """The mask's colours carried outwards: the nearest weigh most, far ones fill what is left."""
    weight = mask.astype(np.float32)
    total = np.full((*mask.shape, 1), 1e-6, np.float32)
    sums = np.zeros_like(colours)
    for sigma, trust in ((reach / 2, 1.0), (reach, 1e-2), (reach * 3, 1e-5)):
        spread = blurred(weight, sigma)[..., None] * trust
        sums += blurred(colours * weight[..., None], sigma) * trust
        total += spread
    return np.asarray(sums / total)
