"""Taking a decision back, with what followed from it."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from imagery.models import Decision, DecisionKind, GeneratedImage, ReviewDecision
from imagery.review import standing
from imagery.review.deciding import apply, lock_peers
from imagery.review.errors import CannotUndo
from imagery.review.signals import approval_withdrawn, image_approved
from imagery.review.trail import Reviewer, write


@transaction.atomic
def undo(*, account_id: int, decision_id: int, reviewer: Reviewer) -> ReviewDecision:
    """The image is again as it was before; one that it had superseded is the current one again.

    Raises CannotUndo if anything was decided since about the image, or about one that gave way to
    it: only the newest decision can be taken back. A redo that a rejection began goes on.
    """
    decision = (
        ReviewDecision.objects.select_related("image")
        .filter(account_id=account_id, kind__in=[DecisionKind.APPROVE, DecisionKind.REJECT])
        .get(pk=decision_id)
    )
    peers = {peer.pk: peer for peer in lock_peers(decision.image)}
    steps = [decision, *decision.effects.filter(kind=DecisionKind.SUPERSEDE)]
    _check_newest(steps)
    _check_free(decision, peers)
    entries = [
        write(
            peers[step.image_id],
            DecisionKind.UNDO,
            Decision(step.before),
            reviewer,
            caused_by=step,
        )
        for step in steps
    ]
    for step in steps:
        _put_back(peers[step.image_id], step)
    standing.refresh([peers[decision.image_id]])
    return entries[0]


def _check_newest(steps: list[ReviewDecision]) -> None:
    ids = [step.image_id for step in steps]
    rows = ReviewDecision.objects.filter(image_id__in=ids).values_list("image_id")
    newest = dict(rows.annotate(newest=Max("pk")).order_by())
    if any(newest[step.image_id] != step.pk for step in steps):
        raise CannotUndo("Something was decided since: look at the image as it is now.")


def _check_free(decision: ReviewDecision, peers: Mapping[int, GeneratedImage]) -> None:
    """A rejected current image can be so again only if no other one has become it."""
    others = (peer for peer in peers.values() if peer.pk != decision.image_id)
    is_taken = any(peer.decision == Decision.APPROVED for peer in others)
    if decision.before == Decision.APPROVED and is_taken:
        raise CannotUndo("Another image has become the current one since.")


def _put_back(image: GeneratedImage, step: ReviewDecision) -> None:
    before, was_current = Decision(step.before), image.decision == Decision.APPROVED
    apply(image, before, lapsed_at=step.lapsed_at)
    if before == Decision.APPROVED:
        image_approved.send(sender=GeneratedImage, image=image)
    elif was_current:
        approval_withdrawn.send(sender=GeneratedImage, image=image)
