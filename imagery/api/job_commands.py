"""Doing something about image jobs: trying again, stopping, saying what became of a call."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Schema
from pydantic import ConfigDict

from imagery.api.access import ORDERING
from imagery.api.image_job_routes import router
from imagery.api.image_jobs import find_job, job_document
from imagery.api.job_story import call_id, calls_of
from imagery.api.schemas import JobDetailOut
from imagery.engine.cancelling import cancel
from imagery.engine.errors import JobHasEnded, JobIsOpen, NothingFailed, OutcomeIsKnown
from imagery.engine.retrying import retry
from imagery.engine.unknowns import resolve
from platform_api.envelope import success
from platform_api.errors import Conflict, NotFound
from platform_api.idempotency import idempotent, keep_answer
from platform_api.schemas import USUAL_FAILURES, Success, documented

_ANSWER = documented(Success[JobDetailOut], failures=(*USUAL_FAILURES, 409))


class ResolveIn(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    call: uuid.UUID = Field(strict=False, description="Its id, as the job's document has it.")
    was_charged: bool = Field(description="Whether the provider has charged for it.")


@router.post(
    "/image_jobs/{uuid:job_id}/retry",
    auth=ORDERING,
    response=_ANSWER,
    operation_id="retry_image_job",
)
@idempotent
def retry_image_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Try again what a job that ended did not get; the images that came stay."""
    with transaction.atomic(), _refusals("state"):
        return _kept(request, retry(find_job(request, job_id), None).uuid)


@router.post(
    "/image_jobs/{uuid:job_id}/cancel",
    auth=ORDERING,
    response=_ANSWER,
    operation_id="cancel_image_job",
)
@idempotent
def cancel_image_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Stop a job. What is under way comes back and is kept; nothing more goes out."""
    with transaction.atomic(), _refusals("state"):
        return _kept(request, cancel(find_job(request, job_id), None).uuid)


@router.post(
    "/image_jobs/{uuid:job_id}/resolve",
    auth=ORDERING,
    response=_ANSWER,
    operation_id="resolve_image_job",
)
@idempotent
def resolve_image_job(
    request: HttpRequest, job_id: uuid.UUID, found_out: Body[ResolveIn]
) -> HttpResponse:
    """Say what became of a call that nobody knows the outcome of: its money is settled or given
    back, and a job that waited for this goes on."""
    with transaction.atomic(), _refusals("call"):
        job = find_job(request, job_id)
        call = next((each for each in calls_of(job) if call_id(each) == found_out.call), None)
        if call is None:
            raise NotFound("call", "This job has no call with this id")
        resolve(call, was_charged=found_out.was_charged, by=None)
        return _kept(request, job.uuid)


def _kept(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The job as it is now, kept for replays in the same transaction."""
    answer = success(job_document(request, find_job(request, job_id)))
    keep_answer(request, answer)
    return answer


@contextmanager
def _refusals(attribute: str) -> Iterator[None]:
    try:
        yield
    except (JobHasEnded, JobIsOpen, NothingFailed, OutcomeIsKnown) as refusal:
        raise Conflict(attribute, str(refusal)) from refusal
