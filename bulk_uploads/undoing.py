"""Asking for an upload to be taken back, and whether it can be."""

from django.db import transaction

from accounts.models import ApiToken, User
from bulk_uploads.errors import NotUndoable
from bulk_uploads.models import BulkUpload, Phase, Status, UploadUndo
from bulk_uploads.undoers import Undoer, undoer_for
from jobs import clock
from jobs.enqueue import enqueue

#: Phases in which an upload has not written anything of its rows yet.
_BEFORE_ROWS = frozenset({Phase.READING, Phase.CHECKING})


def request_undo(
    *, upload: BulkUpload, requested_by: User | None = None, token: ApiToken | None = None
) -> UploadUndo:
    """Ring for the undo of an upload that has ended.

    Asked for again, it is the undo that there is: one that was given up goes on where it
    stopped, any other is left alone. Raises NotUndoable, with nothing changed.
    """
    with transaction.atomic():
        # Two who ask at once get the same undo.
        upload = BulkUpload.objects.select_for_update().get(pk=upload.pk)
        undo = UploadUndo.objects.filter(upload=upload).first()
        if undo is None:
            ready_undoer(upload)
            undo = UploadUndo(upload=upload)
        elif undo.status != Status.FAILURE:
            return undo
        undo.status = Status.DRAFT
        undo.requested_by, undo.token, undo.is_automatic = requested_by, token, False
        undo.attempts, undo.run_after = 0, clock.now()
        undo.ended_at, undo.code, undo.message = None, "", ""
        undo.save()
        enqueue(undo)
    return undo


def ready_undoer(upload: BulkUpload) -> Undoer:
    """Raises NotUndoable, with the reason why this upload cannot be taken back."""
    if upload.is_dry_run:
        raise NotUndoable("A dry run writes nothing, so there is nothing to take back.")
    if not upload.has_ended:
        raise NotUndoable(
            "This upload has not ended yet. Cancel it, or wait for its end, and undo it then."
        )
    if upload.phase in _BEFORE_ROWS:
        raise NotUndoable("No row of this upload was applied, so there is nothing to take back.")
    undoer = undoer_for(upload)
    if undoer is None:
        raise NotUndoable("What this kind of upload does cannot be taken back.")
    return undoer


def can_undo(upload: BulkUpload) -> bool:
    """Whether somebody could ask for its undo now. No query of its own."""
    try:
        ready_undoer(upload)
    except NotUndoable:
        return False
    return True
