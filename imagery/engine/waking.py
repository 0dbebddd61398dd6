"""Making jobs due: those that want the same picture, and those whose calls may go out again."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from imagery.models import (
    CallState,
    CallWant,
    ImageJob,
    ImageRescue,
    JobState,
    JobWant,
    ProviderCall,
    UnrescuedImage,
    WantState,
)
from imagery.providers.protocol import OutcomeClass
from jobs import clock, periodic

EVERY: Final = timedelta(seconds=5)
FORGOTTEN_EVERY: Final = timedelta(minutes=5)
#: Who rests for less looks again in time.
_LONG: Final = timedelta(hours=1)
#: The dispatcher must not be held up.
_AT_ONCE: Final = 2_000


def register() -> None:
    periodic.register("imagery.wake_jobs", EVERY, wake_due)
    periodic.register("imagery.wake_forgotten_jobs", FORGOTTEN_EVERY, wake_forgotten)


def wake_jobs_of(want_ids: Collection[int], *, but: int | None = None) -> int:
    """Something happened to these wants: whoever waits for them looks again; how many do.

    Behind the transaction in which it happened, or in it once the wants are locked (`let_rest`).
    """
    if not want_ids:
        return 0
    jobs = _resting().filter(job_wants__want__in=list(want_ids))
    if but is not None:
        jobs = jobs.exclude(pk=but)
    return jobs.update(run_after=clock.now(), dispatched_at=None)


def wake_due() -> None:
    """Jobs whose calls waited for a cap, a price or a provider, and need not any more; and the
    rescue of pictures that are due."""
    at = clock.now()
    due = ProviderCall.objects.filter(
        state=CallState.PLANNED,
        due_at__lte=at,
        job__state=JobState.WAITING,
        job__claim_token=None,
    )
    sleeping = due.filter(Q(job__run_after=None) | Q(job__run_after__gt=at))
    keys = list(sleeping.order_by("due_at").values_list("job_id", flat=True)[:_AT_ONCE])
    if keys:
        _resting().filter(pk__in=keys).update(run_after=at, dispatched_at=None)
    _wake_rescues()


def wake_forgotten() -> int:
    """Jobs that rest for nothing that still is: whoever brought it about died before waking them;
    how many."""
    at = clock.now()
    wanted = JobWant.objects.filter(job=OuterRef("pk"), want__state=WantState.OPEN)
    calls = CallWant.objects.filter(want__jobs=OuterRef("pk"), want__state=WantState.OPEN)
    is_open = Q(call__state__in=(CallState.PLANNED, CallState.SENDING))
    is_unknown = Q(call__outcome=OutcomeClass.UNKNOWN, call__resolved_at=None)
    for_long = Q(run_after=None) | Q(run_after__gt=at + _LONG)
    forgotten = _resting().filter(
        for_long,
        ~Exists(calls.filter(is_open | is_unknown)),
        ~Exists(wanted.filter(want__due_at__gt=at)),
    )
    keys = list(forgotten.values_list("pk", flat=True)[:_AT_ONCE])
    return _resting().filter(for_long, pk__in=keys).update(run_after=at, dispatched_at=None)


def _resting() -> QuerySet[ImageJob]:
    return ImageJob.objects.filter(state=JobState.WAITING, claim_token=None)


def _wake_rescues() -> None:
    at = clock.now()
    due = UnrescuedImage.objects.filter(lost_at=None, due_at__lte=at).order_by()
    accounts = set(due.values_list("account_id", flat=True).distinct()[:_AT_ONCE])
    if not accounts:
        return
    known = set(
        ImageRescue.objects.filter(account_id__in=accounts).values_list("account_id", flat=True)
    )
    ImageRescue.objects.bulk_create(
        [ImageRescue(account_id=pk) for pk in accounts - known], ignore_conflicts=True
    )
    ImageRescue.objects.filter(
        Q(run_after=None) | Q(run_after__gt=at), account_id__in=accounts, claim_token=None
    ).update(run_after=at, dispatched_at=None)
