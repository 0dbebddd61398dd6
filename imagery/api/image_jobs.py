"""`/image_jobs`: looking at image jobs, the list and one in full."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query

from imagery.api.image_job_routes import router
from imagery.api.images import addresses
from imagery.api.job_documents import JOB_COLUMNS, Document, job_documents
from imagery.api.job_story import job_story
from imagery.api.schemas import JobDetailOut, JobOut
from imagery.api.walking import Walk, newest_first
from imagery.models import ImageJob, JobState
from platform_api.auth import token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.pagination import Page
from platform_api.parameters import Text
from platform_api.schemas import Listing, Success, documented


class JobQuery(Walk):
    sku: Text | None = None
    state: JobState | None = None
    recipe: Text | None = Field(None, description="Name of a recipe, whatever its version.")
    bulk_upload: uuid.UUID | None = Field(None, description="Asked for by this upload.")
    batch: uuid.UUID | None = Field(None, description="Asked for together.")


_LOOKUPS = {
    "sku": "sku",
    "state": "state",
    "recipe": "recipe_version__recipe__name",
    "bulk_upload": "upload__uuid",
    "batch": "batch__uuid",
}


@router.get("/image_jobs", response=documented(Listing[JobOut]), operation_id="list_image_jobs")
def list_image_jobs(
    request: HttpRequest, wanted: Query[JobQuery], page: Query[Page]
) -> HttpResponse:
    """Image jobs, newest first."""
    jobs = ImageJob.objects.for_account(token_of(request).account_id)
    for name, lookup in _LOOKUPS.items():
        if (value := getattr(wanted, name)) is not None:
            jobs = jobs.filter(**{lookup: value})
    rows, meta = newest_first(request, jobs.values(*JOB_COLUMNS), walk=wanted, page=page)
    return success(job_documents(rows), meta=meta)


@router.get(
    "/image_jobs/{uuid:job_id}",
    response=documented(Success[JobDetailOut]),
    operation_id="get_image_job",
)
def get_image_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """One image job: every step, every call to a provider, its outcome and its cost."""
    return success(job_document(request, find_job(request, job_id)))


def find_job(request: HttpRequest, job_id: uuid.UUID) -> ImageJob:
    """Raises NotFound."""
    jobs = ImageJob.objects.for_account(token_of(request).account_id)
    job = jobs.filter(uuid=job_id).select_related("account", "reference").first()
    if job is None:
        raise NotFound("id", "There is no image job with this id")
    return job


def job_document(request: HttpRequest, job: ImageJob) -> Document:
    (document,) = job_documents(ImageJob.objects.filter(pk=job.pk).values(*JOB_COLUMNS))
    return document | job_story(job, address=addresses(request))
