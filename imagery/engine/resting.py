"""How long a job has to wait, and putting it to rest where that is long, or until it is woken."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from imagery.engine.assessing import Assessment, Wait, assess
from imagery.engine.ladders import read_steps
from imagery.engine.views import read_jobs, read_pauses
from imagery.models import ImageJob, JobState, JobWant, Want
from jobs import clock

SOON: Final = timedelta(seconds=1)
#: A job that waits for longer would notice too late what it was not woken for.
_LONG: Final = timedelta(minutes=10)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def wait_of(found: Assessment, *, at: datetime) -> Wait:
    """The first thing that can happen; the job looks again then."""
    if not found.waits:
        # Another worker was quicker to ask for the same.
        return Wait(at + SOON, "", "")
    first = min(found.waits, key=lambda wait: wait.until or _NEVER)
    if first.until is None or first.until > at + SOON:
        return first
    # What is due already is another's to do: no need to look at it all the time.
    return replace(first, until=at + SOON)


def has_to_be_woken(found: Assessment, wait: Wait, *, at: datetime) -> bool:
    """Whether it waits for long, and not for calls of its own alone."""
    return _is_long(wait, at=at) and not all(each.is_own for each in found.waits)


def _is_long(wait: Wait, *, at: datetime) -> bool:
    return wait.until is None or wait.until > at + _LONG


@transaction.atomic
def let_rest(job_ids: Collection[int], *, mine: Callable[[int], bool], due_at: datetime) -> None:
    """Jobs that were given back to look again at `due_at` rest for as long as they have to wait,
    by what is read about them now. `mine`: see `assess`.

    Whoever makes something happen wakes jobs that nobody has in hand. What happened before these
    were given back is read here, for which their wants are locked: who wakes jobs in the
    transaction in which it happens has locked them too. Jobs woken since are due at another time.
    A worker that dies before this leaves them due.
    """
    asked = JobWant.objects.filter(job__in=list(job_ids)).values("want")
    wants = Want.objects.filter(pk__in=asked).order_by("pk").select_for_update()
    steps = read_steps(set(wants.values_list("step", flat=True)))
    pauses = read_pauses()
    waits: defaultdict[datetime | None, list[int]] = defaultdict(list)
    for view in read_jobs(job_ids):
        at = clock.now()
        found = assess(view, steps=steps, pauses=pauses, mine=mine, at=at)
        wait = wait_of(found, at=at)
        if _has_to_wait(found) and _is_long(wait, at=at):
            waits[wait.until].append(view.job.pk)
    for until, keys in waits.items():
        _rest(keys, due_at=due_at, until=until)


def _rest(keys: Collection[int], *, due_at: datetime, until: datetime | None) -> None:
    """What somebody has locked is being woken, or taken."""
    rows = ImageJob.objects.filter(pk__in=keys, state=JobState.WAITING, claim_token=None)
    free = rows.filter(run_after=due_at).order_by("pk").select_for_update(skip_locked=True)
    at_rest = list(free.values_list("pk", flat=True))
    ImageJob.objects.filter(pk__in=at_rest).update(run_after=until)


def _has_to_wait(found: Assessment) -> bool:
    to_do = (found.new, found.ready, found.lost, found.hopeless, found.exhausted)
    return not (found.is_done or any(to_do))
