"""What a worker does when the bell rings for the following of an upload."""

import logging
from datetime import timedelta
from typing import Final

from imagery.following.uploads import Run
from imagery.models import UploadFollowing
from jobs import clock
from jobs.backoff import delay
from jobs.claims import Claim, claim
from jobs.enqueue import enqueue_model
from jobs.errors import ClaimLost

# Renewed with each chunk, which takes a moment.
LEASE: Final = timedelta(minutes=2)
#: Claims without progress after which it is given up.
MOST_ATTEMPTS: Final = 8

logger = logging.getLogger(__name__)


def follow_upload(pk: int) -> None:
    """Work on it for a slice, if it is due and nobody else does."""
    held = claim(UploadFollowing, pk, lease=LEASE)
    if held is None:
        return
    following = UploadFollowing.objects.select_related(
        "account", "upload", "batch", "recipe_version__recipe"
    ).get(pk=pk)
    try:
        if following.attempts > MOST_ATTEMPTS:
            _give_up(held)
        elif not Run(following, held).work():
            enqueue_model(UploadFollowing, pk)
    except ClaimLost:
        logger.warning("%s was taken over by another worker", following)
    except Exception:
        logger.warning("%s: attempt %s failed", following, following.attempts, exc_info=True)
        _put_off(following, held)


def _give_up(held: Claim) -> None:
    held.release(
        run_after=None,
        ended_at=clock.now(),
        problem=f"No progress in {MOST_ATTEMPTS} attempts. Your operator's log says why.",
    )


def _put_off(following: UploadFollowing, held: Claim) -> None:
    try:
        held.release(run_after=clock.now() + delay(attempts=following.attempts))
    except ClaimLost:
        logger.warning("%s was taken over by another worker", following)
