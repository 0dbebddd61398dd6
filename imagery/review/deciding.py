"""Approving and rejecting: by compare-and-swap on what the reviewer saw."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from imagery.models import (
    Decision,
    DecisionKind,
    GeneratedImage,
    RejectReason,
    ReviewDecision,
)
from imagery.review import standing
from imagery.review.errors import AlreadyDecided, NotReviewable, OtherBytes
from imagery.review.signals import approval_withdrawn, image_approved, image_rejected
from imagery.review.trail import Reviewer, write
from jobs import clock

#: What an image is superseded from once another one of its role is approved.
_GIVE_WAY: Final = frozenset({Decision.PENDING, Decision.APPROVED})


@dataclass(frozen=True, slots=True)
class Seen:
    """An image as the reviewer saw it: its bytes, and how it had been decided."""

    image_id: int
    sha256: str
    decision: Decision = Decision.PENDING

    @classmethod
    def of(cls, image: GeneratedImage) -> "Seen":
        return cls(image.pk, image.sha256, Decision(image.decision))


@transaction.atomic
def approve(*, account_id: int, seen: Seen, reviewer: Reviewer, note: str = "") -> ReviewDecision:
    """Make it the current image of its SKU and role.

    It supersedes the one before it, and those that wait for the same role: of several candidates
    one is chosen. An approval that lapsed is given anew. Raises AlreadyDecided, OtherBytes or
    NotReviewable.
    """
    image, peers = _locked(account_id, seen)
    decision = write(image, DecisionKind.APPROVE, Decision.APPROVED, reviewer, note=note)
    for other in peers:
        if other.pk != image.pk and other.decision in _GIVE_WAY and not other.is_placeholder:
            _supersede(other, decision, reviewer)
    apply(image, Decision.APPROVED, by=reviewer.user)
    image_approved.send(sender=GeneratedImage, image=image)
    standing.refresh([image])
    return decision


@transaction.atomic
def reject(
    *, account_id: int, seen: Seen, reviewer: Reviewer, reason: RejectReason, note: str = ""
) -> ReviewDecision:
    """Also takes a current image out of public sight. Raises as `approve` does."""
    image, _ = _locked(account_id, seen)
    was_current = image.decision == Decision.APPROVED
    decision = write(
        image, DecisionKind.REJECT, Decision.REJECTED, reviewer, note=note, reason=reason
    )
    apply(image, Decision.REJECTED, by=reviewer.user)
    if was_current:
        approval_withdrawn.send(sender=GeneratedImage, image=image)
    image_rejected.send(sender=GeneratedImage, image=image, decision=decision)
    standing.refresh([image])
    return decision


def _supersede(image: GeneratedImage, by: ReviewDecision, reviewer: Reviewer) -> None:
    was_current = image.decision == Decision.APPROVED
    write(image, DecisionKind.SUPERSEDE, Decision.SUPERSEDED, reviewer, caused_by=by)
    apply(image, Decision.SUPERSEDED, by=reviewer.user)
    if was_current:
        approval_withdrawn.send(sender=GeneratedImage, image=image)


def apply(
    image: GeneratedImage,
    decision: Decision,
    *,
    by: User | None = None,
    lapsed_at: datetime | None = None,
) -> None:
    """Write the decision on the image itself; the audit trail is written beside it."""
    image.decision = decision
    image.decided_at = None if decision == Decision.PENDING else clock.now()
    image.decided_by = by
    image.lapsed_at = lapsed_at
    image.save(update_fields=["decision", "decided_at", "decided_by", "lapsed_at"])


def lock_peers(image: GeneratedImage) -> list[GeneratedImage]:
    """All images of the same SKU (or product) and role, in id order, nobody else's until the end
    of the transaction: two approvals of one role take turns."""
    peers = GeneratedImage.objects.filter(
        account_id=image.account_id,
        sku=image.sku,
        product_key=image.product_key,
        role=image.role,
    )
    return list(peers.order_by("pk").select_for_update())


def _locked(account_id: int, seen: Seen) -> tuple[GeneratedImage, list[GeneratedImage]]:
    image = GeneratedImage.objects.get(pk=seen.image_id, account_id=account_id)
    if image.is_placeholder or not image.role:
        raise NotReviewable("This picture is not one to be reviewed.")
    peers = lock_peers(image)
    image = next(peer for peer in peers if peer.pk == seen.image_id)
    if image.sha256 != seen.sha256:
        raise OtherBytes("The image is not the one that was looked at: load it anew.")
    if image.decision != seen.decision:
        raise _too_late(image)
    return image, peers


def _too_late(image: GeneratedImage) -> AlreadyDecided:
    newest = image.decisions.select_related("user").first()
    state = image.get_decision_display().lower()
    if newest is None or newest.user is None:
        return AlreadyDecided(f"It is {state} by now.", by=newest)
    return AlreadyDecided(f"{newest.user} was quicker: it is {state} by now.", by=newest)
