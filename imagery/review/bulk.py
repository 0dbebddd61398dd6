"""Many decisions at once: each by itself, so that one that is refused keeps none of the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from imagery.models import RejectReason, ReviewDecision
from imagery.review.deciding import Seen, approve, reject
from imagery.review.errors import ReviewError
from imagery.review.trail import Reviewer


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """`decisions` were made; `refused` are ids of images, each with the reason."""

    decisions: tuple[ReviewDecision, ...]
    refused: tuple[tuple[int, str], ...]


def approve_many(
    *, account_id: int, seen: Iterable[Seen], reviewer: Reviewer, note: str = ""
) -> BulkOutcome:
    return _each(
        seen, lambda one: approve(account_id=account_id, seen=one, reviewer=reviewer, note=note)
    )


def reject_many(
    *,
    account_id: int,
    seen: Iterable[Seen],
    reviewer: Reviewer,
    reason: RejectReason,
    note: str = "",
) -> BulkOutcome:
    return _each(
        seen,
        lambda one: reject(
            account_id=account_id, seen=one, reviewer=reviewer, reason=reason, note=note
        ),
    )


def _each(seen: Iterable[Seen], decide: Callable[[Seen], ReviewDecision]) -> BulkOutcome:
    decisions: list[ReviewDecision] = []
    refused: list[tuple[int, str]] = []
    for one in seen:
        try:
            decisions.append(decide(one))
        except ReviewError as error:
            refused.append((one.image_id, str(error)))
    return BulkOutcome(tuple(decisions), tuple(refused))
