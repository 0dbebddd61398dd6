"""What follows the end of an undo: the account's next upload, and word to who asked for it."""

from django.urls import reverse

from bulk_uploads.ending import FIRST_ISSUES, tell
from bulk_uploads.models import Status, UndoKept, UploadUndo
from bulk_uploads.tasks import wake_next_upload
from jobs.models import FollowUp
from notices.models import Tone
from notices.posting import Message


def after_undo(follow_up: FollowUp) -> None:
    """The handler of `UNDONE_FOLLOW_UP`. One that is given up can be asked for and end again."""
    wake_next_upload(follow_up)
    undo = (
        UploadUndo.objects.select_related(
            "upload__account", "upload__file", "requested_by", "token__created_by"
        )
        .filter(pk=follow_up.payload["undo_id"])
        .first()
    )
    if undo is not None and undo.has_ended:
        tell(
            undo.requested_by,
            undo.token,
            account=undo.upload.account,
            about=f"{follow_up.kind}:{follow_up.pk}",
            message=message_of(undo),
        )


def message_of(undo: UploadUndo) -> Message:
    """What was taken back, and the first things that were kept, with the reason."""
    failed = undo.status == Status.FAILURE
    tone = Tone.BAD if failed else Tone.WARNING if undo.kept else Tone.GOOD
    how = "stopped" if failed else "is done; some rows were kept" if undo.kept else "is done"
    counts = (("Restored", undo.restored), ("Removed", undo.removed), ("Kept", undo.kept))
    return Message(
        tone=tone,
        title=f"{undo} of {undo.upload.file.name} {how}",
        text=undo.message,
        facts=[(label, f"{count:,}") for label, count in counts],
        points=_first_kept(undo),
        next_step="Look at what was kept, and why." if undo.kept else "",
        link=reverse("admin:bulk_uploads_bulkupload_change", args=[undo.upload_id]),
    )


def _first_kept(undo: UploadUndo) -> list[str]:
    kept = list(UndoKept.objects.filter(undo=undo).order_by("id")[: FIRST_ISSUES + 1])
    lines = [f"{row.key}: {row.message}" for row in kept[:FIRST_ISSUES]]
    return [*lines, "…"] if len(kept) > FIRST_ISSUES else lines
