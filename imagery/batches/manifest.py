"""The manifest of an upload: a line a row, of the images that it asked for and got."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from bulk_uploads.models import BulkUpload, Level, Outcome, RowIssue, RowResult
from imagery.batches.failures import errors_of
from imagery.batches.options import IMAGE_BATCH_PROCESSOR
from imagery.errors import ImageryError
from imagery.models import (
    OPEN_STATES,
    CallWant,
    Decision,
    GeneratedImage,
    ImageJob,
    JobState,
    JobWant,
    WantState,
)
from imagery.providers.protocol import OutcomeClass

Line = dict[str, Any]
#: Rows that are looked up at once.
_AT_ONCE: Final = 500
_LONGEST_ERROR: Final = 500


class ManifestNotFinished(ImageryError):
    """The upload or some of its image jobs are still open; `open_jobs` is how many of them."""

    code = "not_finished"

    def __init__(self, open_jobs: int) -> None:
        noun = "image job is" if open_jobs == 1 else "image jobs are"
        what = f"{open_jobs:,} {noun}" if open_jobs else "The upload is"
        super().__init__(f"{what} still open. Ask for what there is with partial=true.")
        self.open_jobs = open_jobs


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where images are found: the content of one by its id, and what is current of a SKU and role
    once it is approved."""

    content: Callable[[UUID], str]
    rendition: Callable[[str, str], str]


@dataclass(slots=True)
class _Made:
    """What a job has delivered, in the order of its steps."""

    urls: list[str] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    model_actual: str = ""


def require_finished(upload: BulkUpload) -> None:
    """Raises ManifestNotFinished."""
    jobs = ImageJob.objects.filter(upload=upload, state__in=OPEN_STATES).count()
    if jobs or not upload.has_ended:
        raise ManifestNotFinished(jobs)


def manifest_lines(upload: BulkUpload, *, addresses: Addresses) -> Iterator[Line]:
    """In the order of the file, whatever its size: some rows are read at a time, each time with a
    fixed number of queries. Of an upload that is no image batch, only rows that asked for images.
    """
    last = 0
    while rows := _next_rows(upload, behind=last):
        yield from _lines(upload, rows, addresses)
        last = rows[-1].row


def _next_rows(upload: BulkUpload, *, behind: int) -> list[RowResult]:
    rows = RowResult.objects.filter(upload=upload, is_dry=False, row__gt=behind)
    return list(rows.order_by("row")[:_AT_ONCE])


def _lines(upload: BulkUpload, rows: Sequence[RowResult], addresses: Addresses) -> Iterator[Line]:
    numbers = [row.row for row in rows]
    jobs = _jobs(upload, numbers)
    keys = [job.pk for job in jobs.values()]
    made = _made(keys, addresses)
    unknown = _with_unknown_outcome([job.pk for job in jobs.values() if job.state in OPEN_STATES])
    errors = errors_of([job for job in jobs.values() if job.state not in OPEN_STATES])
    problems = _problems(upload, [row.row for row in rows if row.outcome == Outcome.FAILED])
    is_batch = upload.processor_name == IMAGE_BATCH_PROCESSOR
    for row in rows:
        job = jobs.get(row.row)
        if job is not None:
            yield _line(job, made.get(job.pk, _Made()), errors, unknown)
        elif is_batch and row.row in problems:
            sku, problem = problems[row.row]
            yield {"sku": row.key or sku, "status": "failed", "error": problem}


def _line(job: ImageJob, made: _Made, errors: Mapping[int, str], unknown: Collection[int]) -> Line:
    sku = job.sku or job.product_key
    if job.state in OPEN_STATES:
        return {"sku": sku, "status": "unknown" if job.pk in unknown else "pending"}
    if not made.urls or job.state not in (JobState.DELIVERED, JobState.PARTLY_DELIVERED):
        return {"sku": sku, "status": "failed", "error": errors[job.pk][:_LONGEST_ERROR]}
    return {
        "sku": sku,
        "status": "completed",
        "image_count": len(made.urls),
        "image_urls": made.urls,
        "request_id": made.request_ids[0] if made.request_ids else None,
        "model_actual": made.model_actual or None,
        "request_ids": made.request_ids,
    }


def _jobs(upload: BulkUpload, rows: Collection[int]) -> dict[int, ImageJob]:
    """By row, the newest: a batch whose recipe was changed after its pilot has several."""
    jobs = ImageJob.objects.filter(upload=upload, upload_row__in=rows).order_by("id")
    return {job.upload_row: job for job in jobs if job.upload_row is not None}


def _made(job_ids: Collection[int], addresses: Addresses) -> dict[int, _Made]:
    """By job: what a role was delivered for; neither placeholders nor what is made on the way."""
    links = JobWant.objects.filter(job_id__in=job_ids).exclude(want__role="")
    of_want: dict[int, list[int]] = {}
    for job_id, want_id in links.values_list("job_id", "want_id"):
        of_want.setdefault(want_id, []).append(job_id)
    images = (
        GeneratedImage.objects.filter(want_id__in=list(of_want), is_placeholder=False)
        .select_related("call")
        .order_by("want__step__position", "want__image_number", "id")
    )
    found: dict[int, _Made] = {}
    for image in images:
        for job_id in of_want[image.want_id or 0]:
            _add(found.setdefault(job_id, _Made()), image, addresses)
    return found


def _add(made: _Made, image: GeneratedImage, addresses: Addresses) -> None:
    made.urls.append(_url(image, addresses))
    if image.call is None:
        return
    if image.call.request_id and image.call.request_id not in made.request_ids:
        made.request_ids.append(image.call.request_id)
    made.model_actual = made.model_actual or image.call.model_actual


def _url(image: GeneratedImage, addresses: Addresses) -> str:
    if image.decision == Decision.APPROVED and image.sku:
        return addresses.rendition(image.sku, image.role)
    return addresses.content(image.uuid)


def _with_unknown_outcome(job_ids: Collection[int]) -> set[int]:
    """Jobs that want something of which nobody knows whether it was made, and charged."""
    links = CallWant.objects.filter(
        want__jobs__in=list(job_ids),
        want__state=WantState.OPEN,
        call__outcome=OutcomeClass.UNKNOWN,
        call__resolved_at=None,
    )
    return set(links.values_list("want__jobs", flat=True)) if job_ids else set()


def _problems(upload: BulkUpload, rows: Collection[int]) -> dict[int, tuple[str, str]]:
    """By row: what it has for a SKU, as far as its first issue says, and what is wrong."""
    issues = RowIssue.objects.filter(
        upload=upload, is_dry=False, row__in=rows, level=Level.ERROR
    ).order_by("row", "id")
    found: dict[int, tuple[str, str]] = {}
    for issue in issues if rows else ():
        if issue.row is not None:
            sku = issue.value if issue.code == "repeated_key" else ""
            found.setdefault(issue.row, (sku, f"{issue.code}: {issue.message}"))
    return found
