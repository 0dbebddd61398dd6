"""Judging what was measured by the rules of one channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imagery.checks.file_rules import file_findings
from imagery.checks.findings import Check, Finding, Verdict
from imagery.checks.look_rules import look_findings
from imagery.checks.measures import Measures
from imagery.checks.rules import Rules
from imagery.marking import DigitalSource
from imagery.models.role import Role

#: Rules about the background and the product's share are about the main picture of a listing.
_MAIN: Final = frozenset({Role.HERO, Role.CUTOUT})
#: Seen from another side, or among others, a product has another outline.
_COMPARABLE: Final = frozenset({Role.HERO, Role.CUTOUT, Role.LIFESTYLE})
_OF_A_MODEL: Final = frozenset(
    {
        DigitalSource.TRAINED_ALGORITHMIC_MEDIA,
        DigitalSource.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A picture as it is judged. `twin` names another that shows the same, "" if there is none;
    `by_model` says whether a trained model made it."""

    measures: Measures
    role: str
    by_model: bool
    twin: str = ""


def judge(subject: Subject, rules: Rules) -> list[Finding]:
    """One finding for each check that the rules ask for."""
    return list(_findings(subject, rules))


def in_words(rules: Rules) -> list[tuple[str, str]]:
    """Each check with what it asks, of a main picture."""
    nothing = Subject(Measures(byte_size=0), role=Role.HERO, by_model=True)
    return [(found.check.label, found.rule) for found in judge(nothing, rules)]


def _findings(subject: Subject, rules: Rules) -> Iterator[Finding]:
    measures = subject.measures
    yield _readable(measures)
    yield from file_findings(measures, rules)
    yield from look_findings(
        measures,
        rules,
        is_main=subject.role in _MAIN,
        is_comparable=subject.role in _COMPARABLE,
    )
    yield _unlike_others(subject)
    if rules.needs_source_tag:
        yield _tagged(subject)


def _readable(measures: Measures) -> Finding:
    rule = "A whole picture that can be decoded"
    why = measures.missing.get("likeness")
    if measures.facts is None:
        value = why.reason if why else "This is no picture that we read."
        return Finding(Check.READABLE, Verdict.FAIL, value, rule)
    if why is None or why.code == "plain":
        return Finding(Check.READABLE, Verdict.PASS, "Decoded", rule)
    is_damaged = why.code != "too_many_pixels"
    verdict = Verdict.FAIL if is_damaged else Verdict.NOT_MEASURABLE
    return Finding(Check.READABLE, verdict, why.reason, rule)


def _unlike_others(subject: Subject) -> Finding:
    rule = "No other picture of the SKU, or of another product, shows the same"
    why = subject.measures.missing.get("likeness")
    if why is not None:
        return Finding(Check.DUPLICATE, Verdict.NOT_MEASURABLE, why.reason, rule)
    if subject.twin:
        return Finding(Check.DUPLICATE, Verdict.WARN, f"The same as {subject.twin}", rule)
    return Finding(Check.DUPLICATE, Verdict.PASS, "None found", rule)


def _tagged(subject: Subject) -> Finding:
    """Google Merchant Center wants IPTC's digital source type kept in AI-generated images."""
    rule = "The file states its digital source type"
    if subject.by_model:
        rule += f" ({DigitalSource.TRAINED_ALGORITHMIC_MEDIA})"
    facts = subject.measures.facts
    if facts is None:
        return Finding(Check.SOURCE_TAG, Verdict.NOT_MEASURABLE, "It cannot be read.", rule)
    is_right = facts.source in _OF_A_MODEL if subject.by_model else bool(facts.source)
    verdict = Verdict.PASS if is_right else Verdict.FAIL
    return Finding(Check.SOURCE_TAG, verdict, facts.source or "None", rule)
