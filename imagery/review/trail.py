"""The audit trail: who decided what about which bytes, and what followed from it."""

from dataclasses import dataclass

from accounts.models import ApiToken, User
from imagery.models import Decision, DecisionKind, GeneratedImage, ReviewDecision
from jobs import clock


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides: a person, a program, or (neither) a rule of the account."""

    user: User | None = None
    token: ApiToken | None = None


def write(
    image: GeneratedImage,
    kind: DecisionKind,
    after: Decision,
    reviewer: Reviewer,
    *,
    note: str = "",
    reason: str = "",
    caused_by: ReviewDecision | None = None,
) -> ReviewDecision:
    """Append an entry about the image as it is now, before it changes to `after`."""
    return ReviewDecision.objects.create(
        account_id=image.account_id,
        image=image,
        sha256=image.sha256,
        kind=kind,
        before=image.decision,
        lapsed_at=image.lapsed_at,
        after=after,
        reason=reason,
        note=note,
        caused_by=caused_by,
        user=reviewer.user,
        token=reviewer.token,
        at=clock.now(),
    )
