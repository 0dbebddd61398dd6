"""How much work waits, how long it has waited, and how much is in hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min

from jobs.models import LeasedJob
from jobs.registry import job_models

SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Backlog:
    """One kind of job: how many are due and free, since when, and how many a worker holds."""

    label: str
    due: int
    oldest: timedelta
    held: int


def backlogs(*, at: datetime) -> list[Backlog]:
    return [_backlog(model, at=at) for model in job_models()]


def oldest_due(*, at: datetime) -> timedelta:
    """How long the longest waiting job has been due; zero if none is."""
    return max((backlog.oldest for backlog in backlogs(at=at)), default=timedelta())


def silent_clusters(*, at: datetime) -> set[str]:
    """Clusters that let a bell ring for minutes while none of their workers was busy.

    A cluster whose idle worker was killed can be left holding a dead lock; it looks alive,
    processes nothing, and only a restart from outside helps.
    """
    ignored, busy = set(), set()
    for model in job_models():
        cluster = settings.JOB_QUEUES[model.queue]
        rows = model.job_rows()
        if rows.due(at=at).filter(dispatched_at__lte=at - SILENT_AFTER).exists():
            ignored.add(cluster)
        if rows.held(at=at).exists():
            busy.add(cluster)
    return ignored - busy


def _backlog(model: type[LeasedJob], *, at: datetime) -> Backlog:
    rows = model.job_rows()
    due = rows.due(at=at).aggregate(count=Count("pk"), first=Min("run_after"))
    return Backlog(
        label=model._meta.label_lower,
        due=due["count"],
        oldest=at - due["first"] if due["first"] else timedelta(),
        held=rows.held(at=at).count(),
    )
