"""What a worker does when the bell rings for an account's media."""

import logging
import time
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Greatest

from catalog.media_fetching.due import next_due
from catalog.media_fetching.policy import Policy
from catalog.media_fetching.round import Round
from catalog.media_fetching.tidying import tidy_step
from catalog.models import MediaFetching
from jobs import clock
from jobs.backoff import delay
from jobs.claims import Claim, claim
from jobs.enqueue import enqueue_model
from jobs.errors import ClaimLost

SLICE_SECONDS: Final = 45.0
_LEASE: Final = timedelta(minutes=2)
#: Pictures that come due one after the other are fetched together.
_NOT_SOONER_THAN: Final = timedelta(seconds=5)

logger = logging.getLogger(__name__)


def fetch_media(pk: int) -> None:
    """Fetch what is due for a slice, if nobody else does for this account."""
    if run_slice(pk, policy=Policy.from_settings()):
        enqueue_model(MediaFetching, pk)


def run_slice(pk: int, *, policy: Policy, seconds: float = SLICE_SECONDS) -> bool:
    """True when the next slice is due at once."""
    held = claim(MediaFetching, pk, lease=_LEASE)
    if held is None:
        return False
    fetching = MediaFetching.objects.select_related("account").get(pk=pk)
    try:
        return _work(fetching, held, policy=policy, ends_at=time.monotonic() + seconds)
    except ClaimLost:
        logger.warning("%s was taken over by another worker", fetching)
    except Exception:
        # Database, storage, our own mistakes: later again, and not woken before (see `waking`).
        logger.exception("%s: attempt %s failed", fetching, fetching.attempts)
        failed = Greatest(F("attempts"), 1)
        _give_back(held, wait=delay(attempts=fetching.attempts), attempts=failed)
    except BaseException:
        # Told to stop: the next worker need not wait for the lease to run out.
        _give_back(held, wait=timedelta())
        raise
    return False


def _work(fetching: MediaFetching, held: Claim, *, policy: Policy, ends_at: float) -> bool:
    is_on = settings.MEDIA_FETCHING and fetching.is_on
    if is_on:
        Round(fetching, held, policy=policy, ends_at=ends_at).run()
    is_tidying = True
    while is_tidying and time.monotonic() < ends_at:
        is_tidying = tidy_step(fetching, held)
    now = clock.now()
    due = next_due(account_id=fetching.account_id) if is_on else None
    if is_tidying or (due is not None and due <= now):
        held.release(run_after=now, attempts=0)
        return True
    held.release(run_after=due and max(due, now + _NOT_SOONER_THAN), attempts=0)
    return False


def _give_back(held: Claim, *, wait: timedelta, **fields: Any) -> None:
    """Where even that fails, the lease runs out by itself."""
    try:
        held.release(run_after=clock.now() + wait, **fields)
    except ClaimLost:
        logger.warning("Media fetching %s was taken over by another worker", held.job_id)
    except DatabaseError:
        logger.warning("Media fetching %s could not be given back", held.job_id, exc_info=True)
