"""Rules about the file: its sides, its weight and its format."""

import math
from collections.abc import Iterator
from typing import Final

from imagery.checks.findings import Check, Finding, Verdict
from imagery.checks.measures import FileFacts, Measures
from imagery.checks.rules import Rules

_MEGAPIXEL: Final = 1_000_000
#: So far may an aspect be off: rounding to whole pixels is no other aspect.
_ASPECT_TOLERANCE: Final = 0.01


def file_findings(measures: Measures, rules: Rules) -> Iterator[Finding]:
    put_right = Verdict.WARN if rules.is_rendered else Verdict.FAIL
    facts = measures.facts
    if facts is None:
        unknown = "It is no picture that we read."
        facts = FileFacts(measures.byte_size, 0, 0, "", "", 1, "")
        for finding in _of_facts(facts, rules, put_right):
            yield Finding(finding.check, Verdict.NOT_MEASURABLE, unknown, finding.rule)
    else:
        yield from _of_facts(facts, rules, put_right)
    if rules.most_bytes is not None:
        verdict = put_right if measures.byte_size > rules.most_bytes else Verdict.PASS
        yield Finding(
            Check.BYTES,
            verdict,
            _megabytes(measures.byte_size),
            f"At most {_megabytes(rules.most_bytes)}",
        )


def _of_facts(facts: FileFacts, rules: Rules, put_right: Verdict) -> Iterator[Finding]:
    for finding in (
        _sides(facts, rules),
        _longest_side(facts, rules, put_right),
        _zoom(facts, rules),
        _megapixels(facts, rules, put_right),
        _aspect(facts, rules, put_right),
        _format(facts, rules, put_right),
    ):
        if finding is not None:
            yield finding


def _sides(facts: FileFacts, rules: Rules) -> Finding | None:
    if rules.least_width is None and rules.least_height is None:
        return None
    width, height = rules.least_width or 1, rules.least_height or 1
    is_right = facts.width >= width and facts.height >= height
    return Finding(
        Check.SIDES,
        Verdict.PASS if is_right else Verdict.FAIL,
        f"{facts.width} x {facts.height} px",
        f"At least {width} x {height} px",
    )


def _longest_side(facts: FileFacts, rules: Rules, put_right: Verdict) -> Finding | None:
    least, most = rules.least_longest_side, rules.most_longest_side
    advised = rules.advised_longest_side
    asked = [
        *([f"at least {least} px"] if least else []),
        *([f"{advised} px advised"] if advised else []),
        *([f"at most {most} px"] if most else []),
    ]
    if not asked:
        return None
    longest = max(facts.width, facts.height)
    if longest < (least or 0):
        verdict = Verdict.FAIL
    elif longest > (most or longest):
        verdict = put_right
    elif longest < (advised or 0):
        verdict = Verdict.WARN
    else:
        verdict = Verdict.PASS
    rule = ", ".join(asked)
    return Finding(Check.LONGEST_SIDE, verdict, f"{longest} px", rule[0].upper() + rule[1:])


def _zoom(facts: FileFacts, rules: Rules) -> Finding | None:
    """What is smaller is shown all the same, but shoppers cannot look closer."""
    if rules.zoom_longest_side is None:
        return None
    longest = max(facts.width, facts.height)
    verdict = Verdict.PASS if longest >= rules.zoom_longest_side else Verdict.WARN
    return Finding(Check.ZOOM, verdict, f"{longest} px", f"At least {rules.zoom_longest_side} px")


def _megapixels(facts: FileFacts, rules: Rules, put_right: Verdict) -> Finding | None:
    if rules.most_megapixels is None:
        return None
    pixels = facts.width * facts.height
    verdict = put_right if pixels > rules.most_megapixels * _MEGAPIXEL else Verdict.PASS
    value = f"{pixels / _MEGAPIXEL:.1f} megapixels"
    rule = f"At most {rules.most_megapixels} megapixels"
    return Finding(Check.MEGAPIXELS, verdict, value, rule)


def _aspect(facts: FileFacts, rules: Rules, put_right: Verdict) -> Finding | None:
    if rules.aspect_width is None or rules.aspect_height is None:
        return None
    wanted = rules.aspect_width / rules.aspect_height
    has = facts.width / max(1, facts.height)
    verdict = put_right if abs(has / wanted - 1) > _ASPECT_TOLERANCE else Verdict.PASS
    value = _ratio(facts.width, facts.height)
    rule = f"{rules.aspect_width}:{rules.aspect_height}"
    return Finding(Check.ASPECT, verdict, value, rule)


def _ratio(width: int, height: int) -> str:
    """In small whole numbers where it has some: 3:4, else 1.37:1."""
    common = math.gcd(width, height) or 1
    wide, high = width // common, height // common
    return f"{wide}:{high}" if max(wide, high) <= 20 else f"{width / max(1, height):.2f}:1"


def _format(facts: FileFacts, rules: Rules, put_right: Verdict) -> Finding | None:
    """A moving picture is of no listing's format, whatever it is called."""
    if not rules.formats:
        return None
    is_right = facts.file_format in rules.formats and facts.frames == 1
    value = facts.file_format
    if facts.frames > 1:
        value += f" of {facts.frames} frames"
    rule = " or ".join(rules.formats)
    return Finding(Check.FORMAT, Verdict.PASS if is_right else put_right, value, rule)


def _megabytes(size: int) -> str:
    """Of a million bytes, with the digits that tell a file from the bound it exceeds."""
    return f"{size / 1_000_000:.2f} MB"
