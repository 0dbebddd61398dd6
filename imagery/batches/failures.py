"""Why jobs got no images, in the words of who refused them: `HTTP 402: insufficient_quota`."""

from collections.abc import Collection
from typing import Final

from django.db.models import F

from imagery.models import CallState, ImageJob, ProviderCall
from imagery.providers.protocol import OutcomeClass

_UNTOLD: Final = "no image was made"
_GOOD: Final = (OutcomeClass.DELIVERED,)


def errors_of(jobs: Collection[ImageJob]) -> dict[int, str]:
    """By job: its last call that did not deliver, where the provider said something; else what the
    job itself says. One query."""
    calls = (
        ProviderCall.objects.filter(
            wants__jobs__in=[job.pk for job in jobs],
            state=CallState.ENDED,
            http_status__gte=400,
        )
        .exclude(outcome__in=_GOOD)
        .annotate(job_pk=F("wants__jobs"))
        .order_by("id")
        .values_list("job_pk", "http_status", "error_code", "error_message")
    )
    said: dict[int, str] = {}
    for job_id, status, code, message in calls if jobs else ():
        said[job_id] = f"HTTP {status}: {code or message or _UNTOLD}"
    return {job.pk: said.get(job.pk) or _own_words(job) for job in jobs}


def _own_words(job: ImageJob) -> str:
    if job.error_code and job.message:
        return f"{job.error_code}: {job.message}"
    return job.error_code or job.message or _UNTOLD
