"""Leaving nothing of an all-or-nothing upload whose apply pass did not come to its end.

The upload's own job takes the steps of the undo, in a phase of their own, so that a worker that
is killed on the way is followed by one that goes on there; it has the account's turn all along.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bulk_uploads import ledger, state_machine
from bulk_uploads.engine import ends
from bulk_uploads.engine.ends import End
from bulk_uploads.engine.undo_steps import UndoSteps, reopen_corrected_rows
from bulk_uploads.models import BulkUpload, Phase, Status, UploadUndo
from bulk_uploads.undoers import undoer_for
from jobs import clock
from jobs.claims import Claim

#: The counts of an upload of which nothing stays.
NONE_APPLIED: Mapping[str, Any] = {
    "created_rows": 0,
    "updated_rows": 0,
    "unchanged_rows": 0,
    "merged_rows": 0,
}
_ROWS = 2_000


def leaves_nothing(upload: BulkUpload) -> bool:
    """Whether what it has applied must go again, should it end now."""
    applies = not upload.is_dry_run and upload.phase in (Phase.APPLYING, Phase.FINISHING)
    return applies and upload.is_all_or_nothing and undoer_for(upload) is not None


def begin(upload: BulkUpload, held: Claim, end: End) -> None:
    """From here on there is no other way than back; `end` says why."""
    with transaction.atomic():
        UploadUndo.objects.create(
            upload=upload,
            is_automatic=True,
            status=Status.IN_PROGRESS,
            started_at=clock.now(),
            code=end.code,
            message=end.message,
        )
        state_machine.update_progress(held, phase=Phase.UNDOING, progress=0)
    upload.phase, upload.progress = Phase.UNDOING, 0


class TakingBack:
    """The way back of one upload, whichever worker began it."""

    def __init__(self, upload: BulkUpload, held: Claim) -> None:
        self._upload = upload
        self._held = held
        self._undo = UploadUndo.objects.select_related("upload").get(upload=upload)
        undoer = undoer_for(upload)
        self._steps: UndoSteps | None = None
        if undoer is not None:
            self._steps = UndoSteps(self._undo, undoer, self._commit)

    def step(self) -> bool:
        """Take one step; False when nothing is left."""
        if self._steps is not None:
            if self._steps.take():
                return True
            self._steps = None
        with transaction.atomic():
            more = ledger.forget_outcomes(upload_id=self._upload.pk, limit=_ROWS)
            state_machine.update_progress(self._held)
        return more

    def finish(self) -> End:
        """Close the undo; how the upload ends. In the transaction of that end."""
        undo = self._undo
        end = ends.taken_back(code=undo.code, why=undo.message, kept=undo.kept)
        reopen_corrected_rows(self._upload.pk)
        self._close(Status.SUCCESS, progress=100, message=end.message)
        return end

    def give_up(self, *, attempts: int) -> End:
        """Close an undo that makes no progress; somebody can ask for the rest of it later."""
        end = ends.stuck_taking_back(attempts=attempts)
        self._close(Status.FAILURE, code=end.code, message=end.message)
        return end

    def _close(self, status: Status, **fields: Any) -> None:
        now = clock.now()
        rows = UploadUndo.objects.filter(pk=self._undo.pk)
        rows.update(status=status, ended_at=now, updated_at=now, **fields)

    def _commit(self, fields: dict[str, Any]) -> None:
        UploadUndo.objects.filter(pk=self._undo.pk).update(updated_at=clock.now(), **fields)
        state_machine.update_progress(self._held, progress=fields["progress"])
        self._upload.progress = fields["progress"]
