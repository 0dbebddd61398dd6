"""What a worker does when the bell rings for an account's image checks."""

import logging
import time
from datetime import timedelta
from typing import Final

from django.db import DatabaseError

from imagery.checks.round import Round
from imagery.models import ImageChecking, ImageMeasures
from jobs import clock
from jobs.backoff import delay
from jobs.claims import Claim, claim
from jobs.enqueue import enqueue_model
from jobs.errors import ClaimLost

SLICE_SECONDS: Final = 30.0
_LEASE: Final = timedelta(minutes=2)

logger = logging.getLogger(__name__)


def check_images(pk: int) -> None:
    """Check what is due for a slice, if nobody else does for this account."""
    if run_slice(pk):
        enqueue_model(ImageChecking, pk)


def run_slice(pk: int, *, seconds: float = SLICE_SECONDS) -> bool:
    """True when the next slice is due at once."""
    held = claim(ImageChecking, pk, lease=_LEASE)
    if held is None:
        return False
    checking = ImageChecking.objects.get(pk=pk)
    try:
        return _work(checking, held, ends_at=time.monotonic() + seconds)
    except ClaimLost:
        logger.warning("%s were taken over by another worker", checking)
    except Exception:
        # Database, storage, our own mistakes: later again.
        logger.exception("%s: attempt %s failed", checking, checking.attempts)
        _give_back(held, wait=delay(attempts=checking.attempts))
    except BaseException:
        # Told to stop: the next worker need not wait for the lease to run out.
        _give_back(held, wait=timedelta())
        raise
    return False


def _work(checking: ImageChecking, held: Claim, *, ends_at: float) -> bool:
    is_more = Round(checking, held, ends_at=ends_at).run()
    came = ImageMeasures.objects.filter(account=checking.account_id, due_at__isnull=False)
    is_more = is_more or came.exists()
    held.release(run_after=clock.now() if is_more else None)
    return is_more


def _give_back(held: Claim, *, wait: timedelta) -> None:
    """Where even that fails, the lease runs out by itself."""
    try:
        held.release(run_after=clock.now() + wait)
    except ClaimLost:
        logger.warning("Image checks %s were taken over by another worker", held.job_id)
    except DatabaseError:
        logger.warning("Image checks %s could not be given back", held.job_id, exc_info=True)
