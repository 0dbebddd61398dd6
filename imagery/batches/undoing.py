"""Taking an image batch back: what has not been made is not made, and new SKUs go again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accounts.models import User
from bulk_uploads.models import BulkUpload
from bulk_uploads.undoers import Cursor, UndoContext, UndoStep
from catalog.undoing.undoer import CatalogUndoer
from imagery.engine.cancelling import cancel
from imagery.engine.errors import JobHasEnded
from imagery.models import ImageJob
from imagery.models.image_job import ImageJobQuerySet

#: Jobs of one step, which must be done in a moment.
_AT_ONCE: Final = 10


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
        if cursor is None and self._stop_some(context):
            return UndoStep(cursor=None, restored=0, removed=0, kept=(), done=False)
        return self.catalog.step(cursor=cursor, context=context)

    def _stop_some(self, context: UndoContext) -> bool:
        """Whether there were any."""
        jobs = list(self._open_jobs().order_by("id")[:_AT_ONCE])
        asked_by = context.user_id
        by = User.objects.filter(pk=asked_by).first() if jobs and asked_by else None
        for job in jobs:
            try:
                cancel(job, by)
            except JobHasEnded:
                continue
        return bool(jobs)

    def _open_jobs(self) -> ImageJobQuerySet:
        return ImageJob.objects.filter(upload_id=self.upload_id).open()
