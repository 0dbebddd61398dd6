"""Calls that nobody has in hand any more: their worker was lost, and no job looks after them."""

import logging
from datetime import timedelta
from typing import Final

from imagery.engine.losses import ending_of_lost
from imagery.engine.policy import Retries
from imagery.engine.settling import settle
from imagery.engine.standing import refresh_statuses_of
from imagery.engine.waking import wake_jobs_of
from imagery.models import CallState, ProviderCall
from jobs import clock, periodic

EVERY: Final = timedelta(seconds=30)
#: Jobs that are open look after their own calls first.
_LEFT_ALONE_FOR: Final = timedelta(minutes=1)
#: The dispatcher must not be held up.
_AT_ONCE: Final = 20

logger = logging.getLogger(__name__)


def register() -> None:
    periodic.register("imagery.settle_lost_calls", EVERY, settle_lost)


def settle_lost() -> int:
    """End calls of jobs that were cancelled, and those that could not be settled when they ended;
    how many."""
    long_ago = clock.now() - _LEFT_ALONE_FOR
    lost = ProviderCall.objects.filter(state=CallState.SENDING, slot_until__lte=long_ago)
    for call in (found := list(lost.order_by("slot_until")[:_AT_ONCE])):
        try:
            wants = settle(ending_of_lost(call), retries=Retries())
        except Exception:
            logger.exception("Call %s, whose worker was lost, could not be settled", call.pk)
        else:
            wake_jobs_of(wants)
            refresh_statuses_of(wants)
    return len(found)
