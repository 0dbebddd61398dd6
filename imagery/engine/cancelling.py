"""Stopping a job: what is out comes back and is kept, and nothing more goes out for it."""

from django.db import transaction

from accounts.models import User
from imagery.engine.errors import JobHasEnded
from imagery.engine.standing import refresh_statuses
from imagery.engine.taking_back import CANCELLED, take_back
from imagery.engine.waking import wake_jobs_of
from imagery.models import OPEN_STATES, CallState, CallWant, ImageJob, JobState, ProviderCall, Want
from jobs import clock


@transaction.atomic
def cancel(job: ImageJob, by: User | None) -> ImageJob:
    """End the job as cancelled, whoever works on it. Raises JobHasEnded, having changed nothing.

    Pictures that another job wants as well are made for that one, which looks again. Wants are
    locked first, as everywhere, and jobs last.
    """
    message = f"Cancelled by {by}." if by else "Cancelled."
    want_ids = locked_wants(job)
    for call in _planned(job, want_ids):
        take_back(call, code=CANCELLED, message=message)
    ended = ImageJob.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(
        state=JobState.CANCELLED,
        error_code=CANCELLED,
        message=message,
        ended_at=clock.now(),
        run_after=None,
        claim_token=None,
        lease_expires_at=None,
        dispatched_at=None,
    )
    if not ended:
        raise JobHasEnded("The job has ended before.")
    wake_jobs_of(want_ids)
    job.refresh_from_db()
    refresh_statuses([job])
    return job


def locked_wants(job: ImageJob) -> list[int]:
    """Its wants, nobody else's until the end of the transaction: before any job is locked."""
    wants = Want.objects.filter(job_wants__job=job).order_by("pk").select_for_update(of=("self",))
    return list(wants.values_list("pk", flat=True))


def _planned(job: ImageJob, want_ids: list[int]) -> list[ProviderCall]:
    """Calls that have not gone out."""
    links = CallWant.objects.filter(want_id__in=want_ids, is_open=True)
    return list(
        ProviderCall.objects.filter(call_wants__in=links, job=job, state=CallState.PLANNED)
        .distinct()
        .order_by("pk")
    )
