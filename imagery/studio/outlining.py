"""Where a product surely is, where the paper surely is, and how steady that answer is.

A shadow is a darker stretch of the same paper that begins gradually; a product begins abruptly,
even a white one on white. So paper is what can be reached from the rim (or lies in a hole) without
crossing an abrupt step.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from imagery.studio.errors import NoOutline
from imagery.studio.paper import Paper
from imagery.studio.pixels import Pixels, blurred, grown, shrunk

#: An abrupt step is one steeper than this many times its grain, or than `_FAINTEST`.
_STEPS_OF_GRAIN: Final = 1.6
_FAINTEST: Final = 0.32
_STRICTNESS: Final = (0.6, 1.0, 1.7, 2.9)
#: Overlap from which on two answers are one.
_STEADY: Final = 0.95
#: How far paper may differ in hue, and how dark a shadow may be, as a share of its lightness.
_HUE: Final = 7.0
_DARKEST: Final = 0.33
_LIGHTEST: Final = 1.06
#: Paper does not flow through gaps narrower than this, in pixels.
_GAP: Final = 2
#: Between sure paper and sure product, in pixels.
_DOUBT: Final = 5
#: Beside the paper, what differs by less than this share of what is around it is doubtful too.
_CORNER: Final = 0.5
_PLAIN_DIFFERENCE: Final = 18.0
_SMALLEST_PART: Final = 0.004
_SMALLEST_HOLE: Final = 0.00012
_LEAST: Final = 0.003
_MOST: Final = 0.93


@dataclass(frozen=True, slots=True)
class Outline:
    """Two masks that leave a doubtful seam between them; `confidence` is 0..1."""

    product: Pixels
    paper: Pixels
    confidence: float


def outline_of(lab: Pixels, paper: Paper) -> Outline:
    """Raises NoOutline where nothing stands out, or everything does."""
    return outlines_of(lab, paper)[0]


def outlines_of(lab: Pixels, paper: Paper) -> list[Outline]:
    """The steadiest outline, and then others that are steady too: a pale part before pale paper
    can be lost at every laxer strictness alike. Raises NoOutline as `outline_of` does."""
    difference = np.linalg.norm(blurred(lab, 0.8) - paper.colours, axis=2)
    steps = _abruptness(lab)
    like_paper = _like_paper(lab, paper)
    least_step = max(_FAINTEST, _STEPS_OF_GRAIN * 0.2 * paper.noise)
    found = [
        _reached(like_paper & (steps < least_step * strict), difference, paper)
        for strict in _STRICTNESS
    ]
    steadiness = [_overlap(one, other) for one, other in pairwise(found)]
    best = int(np.argmax(np.round(steadiness, 3)))
    if not _LEAST < 1 - float(found[best].mean()) < _MOST:
        raise NoOutline("nothing_found", "No product stands out from what is behind it.")
    # Of another steady pair the laxer: the stricter keeps more of a grainy shadow.
    others = [
        pair
        for pair, share in enumerate(steadiness)
        if share >= _STEADY and _overlap(found[pair + 1], found[best]) < _STEADY
    ]
    return [
        _outline(found[best], steadiness[best], difference, paper),
        *(_outline(found[pair + 1], steadiness[pair], difference, paper) for pair in others),
    ]


def _outline(ground: Pixels, steadiness: float, difference: Pixels, paper: Paper) -> Outline:
    sure = _surely_product(~ground, difference)
    standing_out = _standing_out(ground, difference, paper) ** 0.5
    confidence = steadiness * standing_out * min(1.0, paper.share / 0.9)
    return Outline(sure, shrunk(ground, 1) & ~sure, round(confidence, 3))


def _abruptness(lab: Pixels) -> Pixels:
    """How much steeper it is here than all around: high at an edge, nothing on a slope."""
    near = _steepness(blurred(lab, 1.0))
    return np.asarray((near - blurred(near, 4.0)).max(axis=2))


def _steepness(lab: Pixels) -> Pixels:
    across = cv2.Scharr(lab, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(lab, cv2.CV_32F, 0, 1, scale=1 / 32)
    return np.asarray(cv2.magnitude(across.reshape(-1), down.reshape(-1))).reshape(lab.shape)


def _like_paper(lab: Pixels, paper: Paper) -> Pixels:
    smooth = blurred(lab, 1.2)
    lightness = smooth[..., 0] / np.maximum(paper.colours[..., 0], 1)
    hue = np.linalg.norm(
        smooth[..., 1:] - paper.colours[..., 1:] * np.clip(lightness, 0, 1)[..., None], axis=2
    )
    return np.asarray((hue < _HUE) & (lightness > _DARKEST) & (lightness < _LIGHTEST))


def _reached(passable: Pixels, difference: Pixels, paper: Paper) -> Pixels:
    """The paper: what is open from the rim, and the holes; less what is too small to be a part."""
    wide = shrunk(np.pad(passable, _GAP, constant_values=True), _GAP)[_GAP:-_GAP, _GAP:-_GAP]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        wide.astype(np.uint8), connectivity=4
    )
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    is_outside = np.zeros(count, bool)
    is_outside[rim] = True
    is_outside[0] = False
    outside = is_outside[labels]
    open_paper = grown(outside, _GAP) & passable
    body = _parts_worth_keeping(~open_paper)
    smallest = max(30.0, _SMALLEST_HOLE * body.size)
    for label in np.flatnonzero((stats[:, cv2.CC_STAT_AREA] >= smallest) & ~is_outside):
        if label == 0:
            continue
        hole = grown(labels == label, _GAP) & passable
        if _is_hole(hole, difference, paper):
            body &= ~hole
    return ~body


def _is_hole(region: Pixels, difference: Pixels, paper: Paper) -> bool:
    """Paper seen through: it matches, and what is around it differs by far more than it does."""
    within = float(np.median(difference[region]))
    around = grown(region, 7) & ~grown(region, 3)
    beyond = float(np.median(difference[around])) if around.any() else 0.0
    return within < 3.0 + paper.noise and beyond > max(8.0, 5 * within)


def _parts_worth_keeping(body: Pixels) -> Pixels:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(body.astype(np.uint8))
    if count == 1:
        return body
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = areas >= max(1, _SMALLEST_PART * areas.max())
    return np.asarray(kept[labels])


def _surely_product(body: Pixels, difference: Pixels) -> Pixels:
    """The inside, but for narrow corners where paper still shows; and of thin parts their core,
    where they differ as much as anything near."""
    inside = shrunk(body, _DOUBT)
    highest = cv2.dilate(difference, np.ones((9, 9), np.uint8))
    core = body & (difference > _PLAIN_DIFFERENCE) & (difference > 0.92 * highest)
    nearly_paper = (highest > _PLAIN_DIFFERENCE) & (difference < _CORNER * highest)
    return np.asarray((inside & ~(nearly_paper & grown(~body, 2 * _DOUBT))) | core)


def _standing_out(ground: Pixels, difference: Pixels, paper: Paper) -> float:
    """The share of the outline within which something visibly different begins."""
    seam = grown(ground, 1) & ~ground
    nearby = cv2.dilate(difference, np.ones((15, 15), np.uint8))[seam]
    return float((nearby > max(4.0, 4 * paper.noise)).mean()) if nearby.size else 0.0


def _overlap(one: Pixels, other: Pixels) -> float:
    """Intersection over union of the two products."""
    union = float((~one | ~other).sum())
    return float((~one & ~other).sum()) / union if union else 0.0
