"""Images that count in a channel: approved, or still waiting for a decision."""

from typing import Final

from django.db.models import Q

from imagery.models import Decision

LIVE_DECISIONS: Final = (Decision.PENDING, Decision.APPROVED)


def live(prefix: str = "") -> Q:
    """A condition on images, or on rows that lead to one by `prefix` ("image__")."""
    return Q(**{f"{prefix}decision__in": LIVE_DECISIONS, f"{prefix}is_placeholder": False}) & ~Q(
        **{f"{prefix}role": ""}
    )
