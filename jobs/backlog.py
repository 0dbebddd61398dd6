"""How much work waits, how long it has waited, and how much is in hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from jobs.models import LeasedJob
from jobs.registry import job_models


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


def _backlog(model: type[LeasedJob], *, at: datetime) -> Backlog:
    rows = model.job_rows()
    due = rows.due(at=at).aggregate(count=Count("pk"), first=Min("run_after"))
    return Backlog(
        label=model._meta.label_lower,
        due=due["count"],
        oldest=at - due["first"] if due["first"] else timedelta(),
        held=rows.held(at=at).count(),
    )
