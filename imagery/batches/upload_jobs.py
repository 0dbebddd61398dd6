"""The image jobs of one upload: asked for batch by batch, in the upload's own transactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from bulk_uploads.models import BulkUpload
from imagery.batches.options import cap_of, recipe_of
from imagery.models import BatchState, ImageBatch, ImageJob, JobState, RecipeVersion, Trigger
from imagery.money.budgets import set_upload_cap
from imagery.planning import pilots
from imagery.planning.batches import new_batch
from imagery.planning.requests import Target, request_images
from imagery.recipes.editing import version_in_force


@dataclass(frozen=True, slots=True)
class JobCounts:
    """`held` wait for the pilot to be decided about; `already` had all of their images."""

    jobs: int
    already: int
    held: int

    def as_output(self) -> Mapping[str, int]:
        return {"image_jobs": self.jobs, "images_already_there": self.already}


class UploadJobs:
    """The version of the recipe and the batch are those of the first rows, whatever comes of the
    recipe while the file is read."""

    def __init__(self, upload: BulkUpload) -> None:
        self._upload = upload

    def request(self, targets: Sequence[Target]) -> None:
        """In the transaction of the rows' batch, so that both are done, or neither."""
        if not targets:
            return
        batch = self._found() or self._begun()
        request_images(
            account=self._upload.account,
            targets=targets,
            version=batch.recipe_version,
            trigger=Trigger.BATCH_FILE,
            requested_by=self._upload.created_by,
            upload=self._upload,
            batch=batch,
        )

    def begin_pilot(self) -> bool:
        """Behind the last row: choose who goes first. Always False, as nothing is left to do."""
        batch = self._found()
        if batch is not None and batch.state == BatchState.PILOT:
            pilots.begin(batch=batch)
        return False

    def counts(self) -> JobCounts:
        there = Q(state=JobState.DELIVERED, started_at=None)
        found = ImageJob.objects.filter(upload=self._upload).aggregate(
            jobs=Count("id"),
            already=Count("id", filter=there),
            held=Count("id", filter=Q(state=JobState.HELD)),
        )
        return JobCounts(**found)

    def _found(self) -> ImageBatch | None:
        """Looked up each time: a transaction that made it may have been rolled back."""
        batches = ImageBatch.objects.filter(account=self._upload.account_id, upload=self._upload)
        return batches.select_related("recipe_version__recipe").order_by("id").first()

    def _begun(self) -> ImageBatch:
        cap = cap_of(self._upload)
        if cap is not None:
            set_upload_cap(upload=self._upload, cap_micros=cap)
        return new_batch(
            account=self._upload.account,
            version=self.version(),
            upload=self._upload,
            by=self._upload.created_by,
            pilot_size=self._upload.options.get("pilot", 0),
        )

    def version(self) -> RecipeVersion:
        """By which images are asked for. Raises UnknownRecipe."""
        batch = self._found()
        if batch is not None:
            return batch.recipe_version
        return version_in_force(account=self._upload.account, name=recipe_of(self._upload))


def jobs_in_words(counts: JobCounts) -> str:
    """A sentence for the upload's message."""
    if not counts.jobs:
        return ""
    noun = "image job" if counts.jobs == 1 else "image jobs"
    text = f"{counts.jobs:,} {noun} asked for"
    if counts.already:
        text += f", {counts.already:,} of which had their images already"
    if counts.held:
        text += f"; {counts.held:,} wait until the pilot has been looked at"
    return f"{text}."
