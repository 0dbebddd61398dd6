"""The queue as the rest of this room sees it: a bell to ring, and how many rings lie unheard."""

from django.conf import settings
from django_q.brokers import get_broker
from django_q.tasks import async_task


def press(*, queue: str, task: str, pk: int) -> None:
    """Put the job's id on the queue; the worker that takes it calls the task with it.

    Only a dotted path and a number travel: what cannot be imported or unpickled on the other
    side would kill workers, or run for ever.
    """
    async_task(task, pk, cluster=settings.JOB_QUEUES[queue])


def unheard(cluster: str) -> int:
    """Rings on this cluster's queue that no worker has taken yet."""
    return int(get_broker(cluster).queue_size() or 0)
