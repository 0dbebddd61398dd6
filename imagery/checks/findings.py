"""What a check says: a verdict, the measured value and the rule, in words for people."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


class Verdict(models.IntegerChoices):
    """In the order of gravity, so that the worst is the greatest."""

    PASS = 0, "Pass"
    NOT_MEASURABLE = 1, "Not measurable"
    WARN = 2, "Warning"
    FAIL = 3, "Fail"


class Check(models.TextChoices):
    READABLE = "readable", "Readable"
    SIDES = "sides", "Width and height"
    LONGEST_SIDE = "longest_side", "Longest side"
    ZOOM = "zoom", "Size for zoom"
    MEGAPIXELS = "megapixels", "Megapixels"
    ASPECT = "aspect", "Aspect"
    BYTES = "bytes", "File size"
    FORMAT = "format", "Format"
    WHITE = "white", "White background"
    FILL = "fill", "Product's share"
    SHARPNESS = "sharpness", "Sharpness"
    DUPLICATE = "duplicate", "Duplicate"
    FIDELITY = "fidelity", "Fidelity"
    SOURCE_TAG = "source_tag", "AI tag"


@dataclass(frozen=True, slots=True)
class Finding:
    """`value` is what was measured, with its unit, or why nothing was; `rule` what is asked."""

    check: Check
    verdict: Verdict
    value: str
    rule: str


def worst(findings: Iterable[Finding]) -> Verdict:
    """Pass where nothing was to be checked."""
    return max((finding.verdict for finding in findings), default=Verdict.PASS)
