"""Image batches given to an account, and what was asked for because of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from imagery.batches.options import IMAGE_BATCH_PROCESSOR
from imagery.models import GeneratedImage, ImageJob, JobState, Want
from jobs import clock
from tests.factories.imagery import GeneratedImageFactory
from tests.imports import import_rows

HEADER = ("sku", "title", "image_url", "brand", "style_tags")
MUG = ("SKU-1001", "Ceramic mug", "https://cdn.example.com/mug.png", "Northline", "studio")
SHOE = ("SKU-1002", "Running shoe", "https://cdn.example.com/shoe.png", "Fastrail", "dynamic")
BAG = ("SKU-1003", "Travel bag", "https://cdn.example.com/bag.png", "Roamwell", "warm tones")


def give(
    account: Account,
    *rows: Sequence[str],
    header: Sequence[str] = HEADER,
    recipe: str = "own",
    **options: Any,
) -> BulkUpload:
    return import_rows(
        account,
        header,
        rows or (MUG, SHOE, BAG),
        processor_name=IMAGE_BATCH_PROCESSOR,
        recipe=recipe,
        **options,
    )


def jobs_of(upload: BulkUpload) -> list[ImageJob]:
    return list(ImageJob.objects.filter(upload=upload).order_by("upload_row"))


def prompts(jobs: Iterable[ImageJob]) -> list[str]:
    wants = Want.objects.filter(jobs__in=list(jobs)).order_by("id").distinct()
    return list(wants.values_list("prompt", flat=True))


def deliver(*jobs: ImageJob, **fields: Any) -> list[GeneratedImage]:
    """What the engine leaves of jobs all of whose images were made."""
    made = []
    for job in jobs:
        for want in job.wants.select_related("account").order_by("id"):
            made.append(
                GeneratedImageFactory.create(
                    account=job.account, want=want, sku=want.sku, role=want.role, **fields
                )
            )
        job.wants.update(state="satisfied")
        end(job, JobState.DELIVERED)
    return made


def end(job: ImageJob, state: str, **fields: Any) -> None:
    now = clock.now()
    ImageJob.objects.filter(pk=job.pk).update(
        state=state, started_at=now, ended_at=now, run_after=None, **fields
    )
