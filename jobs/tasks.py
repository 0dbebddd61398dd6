"""The functions that the queue's workers call."""

import logging
from datetime import timedelta

from jobs import clock
from jobs.backoff import delay
from jobs.claims import Claim, claim
from jobs.errors import ClaimLost
from jobs.followups import handler_for
from jobs.models import FollowUp

# Longer than the queue lets any task run, so that a lease never ends under a live worker.
LEASE = timedelta(minutes=6)
MOST_ATTEMPTS = 8

logger = logging.getLogger(__name__)


def run_follow_up(pk: int) -> None:
    """Do one follow-up, if it is due and free; on an error, later again, and at last give up."""
    held = claim(FollowUp, pk, lease=LEASE)
    if held is None:
        return
    follow_up = FollowUp.objects.select_related("account").get(pk=pk)
    try:
        _run(follow_up, held)
    except ClaimLost:
        logger.warning("Follow-up %s was taken over by another worker", follow_up)


def _run(follow_up: FollowUp, held: Claim) -> None:
    if follow_up.attempts > MOST_ATTEMPTS:
        # Every worker that held it died without a word.
        held.release(failed_at=clock.now(), error="Its worker stopped each time it ran.")
        return
    try:
        handler_for(follow_up.kind)(follow_up)
    except ClaimLost:
        raise
    except Exception as error:
        logger.warning("Follow-up %s failed", follow_up, exc_info=True)
        _put_off(follow_up, held, error=f"{type(error).__name__}: {error}")
    else:
        held.release(finished_at=clock.now(), error="")


def _put_off(follow_up: FollowUp, held: Claim, *, error: str) -> None:
    if follow_up.attempts >= MOST_ATTEMPTS:
        held.release(failed_at=clock.now(), error=error)
    else:
        held.release(run_after=clock.now() + delay(attempts=follow_up.attempts), error=error)
