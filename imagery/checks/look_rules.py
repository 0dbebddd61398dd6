"""Rules about what is to be seen: background, share of the product, sharpness, fidelity."""

from collections.abc import Iterator
from typing import Final

from imagery.checks.findings import Check, Finding, Verdict
from imagery.checks.measures import Measures
from imagery.checks.rules import Rules

#: So much of the background has to be pure white; what is left is the shadow at the product's foot.
PURE_WHITE: Final = 0.95
#: Below it is no white background with a shadow any more, but another background.
_NEARLY_WHITE: Final = 0.85


def look_findings(
    measures: Measures, rules: Rules, *, is_main: bool, is_comparable: bool
) -> Iterator[Finding]:
    """`is_main` pictures stand for the listing; `is_comparable` ones show their reference."""
    if is_main and rules.needs_white:
        yield _white(measures)
    if is_main and (rules.least_fill or rules.most_fill):
        yield _fill(measures, rules)
    if rules.advised_softness is not None or rules.most_softness is not None:
        yield _sharpness(measures, rules)
    if is_comparable and (rules.advised_fidelity or rules.least_fidelity):
        yield _fidelity(measures, rules)


def _white(measures: Measures) -> Finding:
    rule = (
        f"Pure white (255) on at least {PURE_WHITE * 100:.0f} % of the background, after whitening"
    )
    white = measures.white
    if white is None:
        return _unknown(measures, "white", Check.WHITE, rule)
    verdict = Verdict.PASS if white >= PURE_WHITE else Verdict.WARN
    if white < _NEARLY_WHITE:
        verdict = Verdict.FAIL
    return Finding(Check.WHITE, verdict, _percent(white), rule)


def _fill(measures: Measures, rules: Rules) -> Finding:
    least, most = rules.least_fill or 0, rules.most_fill or 100
    rule = f"{least} to {most} % of the picture's side" if most < 100 else f"At least {least} %"
    fill = measures.fill
    if fill is None:
        return _unknown(measures, "fill", Check.FILL, rule)
    verdict = Verdict.PASS if least <= fill * 100 <= most else Verdict.FAIL
    return Finding(Check.FILL, verdict, _percent(fill), rule)


def _sharpness(measures: Measures, rules: Rules) -> Finding:
    advised, most = rules.advised_softness, rules.most_softness
    bound = advised if advised is not None else most
    rule = f"Edges no softer than {bound:g} px"
    if advised is not None and most is not None:
        rule += f", {most:g} px at most"
    softness = measures.softness
    if softness is None:
        return _unknown(measures, "softness", Check.SHARPNESS, rule)
    verdict = Verdict.PASS
    if advised is not None and softness > advised:
        verdict = Verdict.WARN
    if most is not None and softness > most:
        verdict = Verdict.FAIL
    return Finding(Check.SHARPNESS, verdict, f"{softness:.1f} px", rule)


def _fidelity(measures: Measures, rules: Rules) -> Finding:
    advised, least = rules.advised_fidelity, rules.least_fidelity
    rule = f"At least {advised or least} % like the reference"
    if advised and least:
        rule += f", never below {least} %"
    fidelity = measures.fidelity
    if fidelity is None:
        return _unknown(measures, "fidelity", Check.FIDELITY, rule)
    verdict = Verdict.PASS
    if fidelity.score * 100 < (advised or 0):
        verdict = Verdict.WARN
    if fidelity.score * 100 < (least or 0):
        verdict = Verdict.FAIL
    value = (
        f"{_percent(fidelity.score)} (shape {_percent(fidelity.shape)}, "
        f"colour {_percent(fidelity.colour)})"
    )
    return Finding(Check.FIDELITY, verdict, value, rule)


def _unknown(measures: Measures, name: str, check: Check, rule: str) -> Finding:
    why = measures.missing.get(name)
    return Finding(check, Verdict.NOT_MEASURABLE, why.reason if why else "Not measured.", rule)


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
