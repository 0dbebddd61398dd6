"""How true a product is to the one on its reference photo: cut-outs laid over each other.

Shape comes first: a mug of another colour is nearer to the reference than another mug.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imagery.checks.measures import Fidelity
from imagery.checks.silhouettes import Silhouette
from imagery.studio.pixels import Pixels, blurred, shrunk

#: Products are brought to this size before they are compared, their proportions kept.
_SIDE: Final = 96
_REACH: Final = 80
#: Room for shifting one against the other, in pixels each way.
_SHIFT: Final = 6
_SCALES: Final = (0.94, 0.97, 1.0, 1.03, 1.06)
_TURNS: Final = (-4.0, -2.0, 0.0, 2.0, 4.0)
#: Intersection over union at which a shape counts as another, and as the same.
_OTHER_SHAPE: Final = 0.72
_SAME_SHAPE: Final = 0.97
#: Difference in Lab at which a colour counts as the same, and as another.
_SAME_COLOUR: Final = 3.0
_OTHER_COLOUR: Final = 30.0
#: So much lighter or darker altogether is the light's doing, not the product's.
_LIGHT: Final = 8.0
#: What is left of the score where shape is the same and colour is wholly another.
_SHAPE_ALONE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Figure:
    """A product brought to one size and place: its mask (0..1) and its colours (Lab)."""

    mask: Pixels
    lab: Pixels


Figures = tuple[Figure, ...]


def figures_of(silhouette: Silhouette) -> Figures:
    """One for each way in which the outline can be read, the likeliest first."""
    return tuple(
        _figure_of(product, silhouette.lab)
        for product in (silhouette.product, *silhouette.doubles)
        if product.any()
    )


def _figure_of(product: Pixels, lab: Pixels) -> Figure:
    """The product's longer side is `_REACH` pixels of `_SIDE`, its box in the middle."""
    mask = product.astype(np.float32)
    rows, columns = (np.flatnonzero(product.any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    scale = _REACH / max(bottom - top, right - left)
    move = np.array(
        [
            [scale, 0, _SIDE / 2 - scale * (left + right) / 2],
            [0, scale, _SIDE / 2 - scale * (top + bottom) / 2],
        ]
    )
    # Smoothed first, or pixels between those that are read would be lost.
    grain = max(0.4, 0.4 / scale)
    shares = blurred(mask, grain)
    colours = blurred(lab * mask[..., None], grain)
    colours /= np.maximum(shares, 1e-3)[..., None]
    return Figure(_moved(shares, move), _moved(colours, move))


def compared(figures: Figures, references: Figures) -> Fidelity:
    """How alike they are where each outline is read in the other's favour."""
    return max(
        (_compared(figure, reference) for figure in figures for reference in references),
        key=lambda fidelity: fidelity.score,
    )


def _compared(figure: Figure, reference: Figure) -> Fidelity:
    """Shape by overlap at the best of small shifts, turns and scales; colour where both are."""
    overlap, laid = _best_overlap(figure, reference)
    shape = _between(overlap, _OTHER_SHAPE, _SAME_SHAPE)
    colour = 1 - _between(_colour_difference(laid, reference), _SAME_COLOUR, _OTHER_COLOUR)
    score = shape * (_SHAPE_ALONE + (1 - _SHAPE_ALONE) * colour)
    return Fidelity(round(score, 3), round(shape, 3), round(colour, 3))


def _best_overlap(figure: Figure, reference: Figure) -> tuple[float, Figure]:
    """First the best scale, then the best turn at that scale, each with its best shift."""
    room = cv2.copyMakeBorder(reference.mask, *(_SHIFT,) * 4, cv2.BORDER_CONSTANT)
    scale, turn = 1.0, 0.0
    _, scale = max((_laid(figure, room, scale, turn)[0], scale) for scale in _SCALES)
    _, turn = max((_laid(figure, room, scale, turn)[0], turn) for turn in _TURNS)
    _, move = _laid(figure, room, scale, turn)
    laid = Figure(_moved(figure.mask, move), _moved(figure.lab, move))
    return _exact_overlap(laid, reference), laid


def _laid(figure: Figure, room: Pixels, scale: float, turn: float) -> tuple[float, Pixels]:
    """How much of both is shared where it fits best in the room, and the move to there."""
    move = cv2.getRotationMatrix2D((_SIDE / 2, _SIDE / 2), turn, scale)
    mask = _moved(figure.mask, move)
    _, shared, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(room, mask, cv2.TM_CCORR))
    union = float(room.sum()) + float(mask.sum()) - shared
    return shared / max(1e-6, union), move + np.array([[0, 0, x - _SHIFT], [0, 0, y - _SHIFT]])


def _exact_overlap(figure: Figure, reference: Figure) -> float:
    one, other = figure.mask > 0.5, reference.mask > 0.5
    return float((one & other).sum()) / max(1.0, float((one | other).sum()))


def _colour_difference(figure: Figure, reference: Figure) -> float:
    """In Lab: the mean of what most of it shows, and of the tenth that differs most."""
    both = (figure.mask > 0.5) & (reference.mask > 0.5)
    inside = shrunk(both, 2)
    where = inside if inside.sum() >= 50 else both
    if not where.any():
        return _OTHER_COLOUR
    differences = figure.lab[where] - reference.lab[where]
    light = float(np.clip(np.median(differences[:, 0]), -_LIGHT, _LIGHT))
    differences[:, 0] -= light
    apart = np.linalg.norm(differences, axis=1)
    return (float(apart.mean()) + float(np.quantile(apart, 0.9))) / 2


def _moved(values: Pixels, move: Pixels) -> Pixels:
    return np.asarray(cv2.warpAffine(values, move, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR))


def _between(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))
