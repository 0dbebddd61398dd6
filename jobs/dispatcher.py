"""Ringing for due jobs that nobody rang for, and for those that lost their worker.

It runs outside the worker cluster, which cannot heal itself, and any number of times at once.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from jobs import clock, heartbeats, periodic
from jobs.doorbell import unheard
from jobs.enqueue import ring
from jobs.models import LeasedJob
from jobs.registry import job_models

logger = logging.getLogger(__name__)

NAME = "dispatcher"
# A queue may lose what it was given (Redis does). Well beyond any usual wait for a worker,
# because a bell that is merely late would be rung twice.
LOST_AFTER = timedelta(minutes=10)
# The database queue has no index for its look-up: it is kept short, the rows can wait.
LONGEST_QUEUE = 100


@dataclass(frozen=True, slots=True)
class DispatchReport:
    """What one pass did: bells rung, and names of the periodic functions run."""

    rung: int
    periodic: tuple[str, ...]

    @property
    def was_idle(self) -> bool:
        return not self.rung and not self.periodic


def run_once(now: datetime | None = None) -> DispatchReport:
    """One pass: show that the dispatcher lives, ring for what waits, run what is periodic.

    Raises what the database raises where it cannot be reached.
    """
    at = now or clock.now()
    heartbeats.beat(NAME, at=at)
    clusters = sorted(set(settings.JOB_QUEUES.values()))
    rung = sum(_ring_if_reached(cluster, at=at) for cluster in clusters)
    return DispatchReport(rung=rung, periodic=periodic.run_due(at=at))


def _ring_if_reached(cluster: str, *, at: datetime) -> int:
    """A queue that is out of reach hinders neither the others nor periodic work."""
    try:
        return _ring_for(cluster, at=at)
    except Exception:
        # Each broker fails in ways of its own. The jobs stay due: the next pass rings for them.
        logger.warning("Could not ring on the queue %s", cluster, exc_info=True)
        return 0


def _ring_for(cluster: str, *, at: datetime) -> int:
    room = LONGEST_QUEUE - unheard(cluster)
    if room <= 0:
        return 0
    models = [model for model in job_models() if settings.JOB_QUEUES[model.queue] == cluster]
    return sum(ring(model, pk) for model, pk in _longest_waiting(models, at=at, limit=room))


def _longest_waiting(
    models: Iterable[type[LeasedJob]], *, at: datetime, limit: int
) -> list[tuple[type[LeasedJob], int]]:
    """Across the models, so that a crowd of one kind does not starve another."""
    waiting = [
        (run_after, index, model, pk)
        for index, model in enumerate(models)
        for run_after, pk in model.job_rows()
        .due(at=at)
        .unheard(rung_before=at - LOST_AFTER)
        .order_by("run_after", "pk")
        .values_list("run_after", "pk")[:limit]
    ]
    waiting.sort(key=lambda entry: (entry[0], entry[1], entry[3]))
    return [(model, pk) for _, _, model, pk in waiting[:limit]]
