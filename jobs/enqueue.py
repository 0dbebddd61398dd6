"""Ringing for a job once the transaction that made it has committed."""

import logging

from django.db import transaction

from jobs import clock
from jobs.doorbell import press
from jobs.models import LeasedJob

logger = logging.getLogger(__name__)


def enqueue(job: LeasedJob) -> None:
    """Ring for the job once the current transaction has committed."""
    enqueue_model(type(job), job.pk)


def enqueue_model(model: type[LeasedJob], pk: int) -> None:
    """Ring for the job with this primary key once the current transaction has committed.

    Nothing is lost if the process dies in between, or if the queue cannot be reached: the row
    is due and says that nobody rang, and the dispatcher rings for such rows.
    """
    transaction.on_commit(lambda: _ring_quietly(model, pk))


def _ring_quietly(model: type[LeasedJob], pk: int) -> None:
    try:
        ring(model, pk)
    except Exception:
        # The caller's work is committed and must not look failed because a bell is broken.
        logger.warning("Could not ring for %s %s", model._meta.label, pk, exc_info=True)


def ring(model: type[LeasedJob], pk: int) -> bool:
    """Ring for the job if it is due and free; says whether it did.

    The row is marked first: if the process dies between the two, the bell is missing, which
    the dispatcher notices in time; the other way round a worker could answer before the mark
    is set, and the mark would then stand for a bell that was already heard.
    """
    at = clock.now()
    if not model.job_rows().filter(pk=pk).due(at=at).update(dispatched_at=at):
        return False
    try:
        press(queue=model.queue, task=model.task, pk=pk)
    except Exception:
        model.job_rows().filter(pk=pk, dispatched_at=at).update(dispatched_at=None)
        raise
    return True
