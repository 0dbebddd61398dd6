"""Images that wait, and give way to a newer one of the same kind before anybody has looked."""

from django.db import transaction

from imagery.models import Decision, DecisionKind, GeneratedImage
from imagery.review import standing
from imagery.review.deciding import apply, lock_peers
from imagery.review.trail import Reviewer, write


@transaction.atomic
def supersede_waiting(newer: GeneratedImage, *, note: str) -> int:
    """What waits for the role of `newer`, and is older, is not looked at any more; how many."""
    rule = Reviewer()
    older = [
        image
        for image in lock_peers(newer)
        if image.pk < newer.pk and image.decision == Decision.PENDING and not image.is_placeholder
    ]
    for image in older:
        write(image, DecisionKind.SUPERSEDE, Decision.SUPERSEDED, rule, note=note)
        apply(image, Decision.SUPERSEDED)
    standing.refresh([newer, *older])
    return len(older)
