"""Trying again what a job did not get, from the first rung of each ladder."""

from django.db import transaction

from accounts.models import User
from imagery.engine.cancelling import locked_wants
from imagery.engine.errors import JobIsOpen, NothingFailed
from imagery.engine.hand import reopen
from imagery.engine.standing import refresh_statuses
from imagery.models import OPEN_STATES, ImageJob, JobState, JobWant, WantState
from jobs import clock
from jobs.enqueue import enqueue


@transaction.atomic
def retry(job: ImageJob, by: User | None) -> ImageJob:
    """Have the pictures made that are missing; those that came stay.

    Raises JobIsOpen or NothingFailed, having changed nothing.
    """
    locked_wants(job)
    locked = ImageJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.state in OPEN_STATES:
        raise JobIsOpen("The job has not ended yet.")
    wants = JobWant.objects.filter(job=locked).exclude(want__state=WantState.SATISFIED)
    keys = list(wants.values_list("want_id", flat=True))
    if not keys:
        raise NothingFailed("Every picture of the job is there.")
    reopen(keys)
    ImageJob.objects.filter(pk=locked.pk).update(
        state=JobState.WAITING,
        error_code="",
        message=f"To be tried again, says {by}." if by else "To be tried again.",
        ended_at=None,
        run_after=clock.now(),
        attempts=0,
    )
    job.refresh_from_db()
    enqueue(job)
    refresh_statuses([job])
    return job
