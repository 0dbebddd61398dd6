"""How a SKU stands with one role, told from its wants and images; pure, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from imagery.models import Decision, QaStatus, WantState

#: From the worst on. What nobody asked for keeps a set from being whole, but can be asked for.
WORST_FIRST: Final = (
    QaStatus.MISSING_IMAGE,
    QaStatus.REJECTED,
    QaStatus.NOT_REQUESTED,
    QaStatus.GENERATING,
    QaStatus.PENDING_REVIEW,
    QaStatus.APPROVED,
)


@dataclass(frozen=True, slots=True)
class Trace:
    """A want of the role, an image that no want is behind, or both.

    `decision` is "" where there is no image yet. `has_lapsed`: approved, for an older photo.
    `is_under_way`: a job that is neither held nor over asks for it.
    """

    since: datetime
    state: str = ""
    decision: str = ""
    has_lapsed: bool = False
    is_under_way: bool = False
    jobs: frozenset[int] = frozenset()


def status_of_role(traces: Sequence[Trace]) -> QaStatus:
    """What came after the approved image, and was not asked for together with it, counts before it.

    Candidates that were asked for with the one that was approved are not waited for.
    """
    approved = next(
        (each for each in traces if each.decision == Decision.APPROVED and not each.has_lapsed),
        None,
    )
    current = [each for each in traces if each is not approved]
    if approved is not None:
        current = [
            each
            for each in current
            if each.since >= approved.since and not each.jobs & approved.jobs
        ]
    found = _status_of_current(current)
    if found is None:
        return QaStatus.NOT_REQUESTED if approved is None else QaStatus.APPROVED
    return found


def _status_of_current(current: Sequence[Trace]) -> QaStatus | None:
    if any(each.decision == Decision.PENDING or each.has_lapsed for each in current):
        return QaStatus.PENDING_REVIEW
    if any(each.is_under_way and each.state == WantState.OPEN for each in current):
        return QaStatus.GENERATING
    for each in sorted(current, key=lambda each: each.since, reverse=True):
        if each.state == WantState.EXHAUSTED:
            return QaStatus.MISSING_IMAGE
        if each.decision == Decision.REJECTED:
            return QaStatus.REJECTED
    return None


def worst(statuses: Iterable[QaStatus]) -> QaStatus:
    """Of no role at all: nothing was requested."""
    found = set(statuses)
    return next((status for status in WORST_FIRST if status in found), QaStatus.NOT_REQUESTED)
