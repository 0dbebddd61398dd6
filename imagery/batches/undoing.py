"""Taking an image batch back: what has not been made is not made, and new SKUs go again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from accounts.models import User
from bulk_uploads.models import BulkUpload
from bulk_uploads.undoers import Cursor, UndoContext, UndoStep
from catalog.undoing.undoer import CatalogUndoer
from imagery.engine.cancelling import cancel
from imagery.engine.errors import JobHasEnded
from imagery.models import ImageJob
from imagery.models.image_job import ImageJobQuerySet


@dataclass(frozen=True, slots=True)
class BatchUndoer:
    """Images that were made stay: they are paid for, and a SKU that comes again finds them."""

    upload_id: int
    catalog: CatalogUndoer

    @classmethod
    def of(cls, upload: BulkUpload) -> "BatchUndoer":
        return cls(upload.pk, CatalogUndoer(upload_id=upload.pk, account_id=upload.account_id))

    def forecast(self) -> Sequence[str]:
        said = list(self.catalog.forecast())
        if count := self._open_jobs().count():
            noun = "image job" if count == 1 else "image jobs"
            said.insert(0, f"Stop {count:,} {noun} that have not ended. Images that exist stay.")
        return said

    def step(self, *, cursor: Cursor, context: UndoContext) -> UndoStep:
        if cursor is None and self._stop_one(context):
            return UndoStep(cursor=None, restored=0, removed=0, kept=(), done=False)
        return self.catalog.step(cursor=cursor, context=context)

    def _stop_one(self, context: UndoContext) -> bool:
        """Whether there was one. No more in one transaction: a job's wants are locked first and the
        job last, so that with two of them a step and a worker would wait for one another."""
        job = self._open_jobs().order_by("id").first()
        if job is None:
            return False
        by = User.objects.filter(pk=context.user_id).first() if context.user_id else None
        with suppress(JobHasEnded):
            cancel(job, by)
        return True

    def _open_jobs(self) -> ImageJobQuerySet:
        return ImageJob.objects.filter(upload_id=self.upload_id).open()
