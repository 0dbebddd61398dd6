"""The steps of taking an upload back: each with its cursor and counts in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from bulk_sql import tables
from bulk_uploads.models import RowCorrection, UploadUndo
from bulk_uploads.undoers import KeptRow, UndoContext, Undoer
from jobs import clock

_LONGEST_KEY = 500
_LONGEST_COLUMN = 300

#: Writes these fields of the undo as the last statement of a step, or raises ClaimLost.
Commit = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class UndoSteps:
    """`commit` is fenced by the claim of whichever job takes the steps."""

    undo: UploadUndo
    undoer: Undoer
    commit: Commit

    def take(self) -> bool:
        """One step; False when nothing is left to take back."""
        with transaction.atomic():
            step = self.undoer.step(cursor=self.undo.cursor, context=self._context())
            _record_kept(self.undo.pk, step.kept)
            fields: dict[str, Any] = {
                "cursor": step.cursor,
                "restored": self.undo.restored + step.restored,
                "removed": self.undo.removed + step.removed,
                "kept": self.undo.kept + len(step.kept),
            }
            fields["progress"] = self._progress(
                fields["restored"] + fields["removed"] + fields["kept"]
            )
            self.commit(fields)
        for name, value in fields.items():
            setattr(self.undo, name, value)
        return not step.done

    def _context(self) -> UndoContext:
        return UndoContext(
            now=clock.now(),
            user_id=self.undo.requested_by_id,
            token_id=self.undo.token_id,
            leaves_no_trace=self.undo.is_automatic,
        )

    def _progress(self, done: int) -> int:
        """Products come on top of the rows that made them, so this is a little ahead of time."""
        upload = self.undo.upload
        written = upload.created_rows + upload.updated_rows
        return min(99, done * 100 // max(written, 1))


def _record_kept(undo_id: int, kept: Sequence[KeptRow]) -> None:
    if not kept:
        return
    tables().insert(
        "bulk_uploads_undokept",
        ("undo_id", "row", "key", "column", "reason_code", "message"),
        [
            (
                undo_id,
                row.row,
                row.key[:_LONGEST_KEY],
                row.column[:_LONGEST_COLUMN],
                row.reason_code,
                row.message,
            )
            for row in kept
        ],
    )


def reopen_corrected_rows(upload_id: int) -> None:
    """What the upload had settled of an earlier one's rows is open again once it is taken back."""
    RowCorrection.objects.filter(corrected_by_id=upload_id).delete()


def message_of(undo: UploadUndo) -> str:
    """How an undo that came to its end is told."""
    done = [
        f"{count:,} {word}"
        for count, word in ((undo.removed, "removed"), (undo.restored, "restored"))
        if count
    ]
    text = f"Taken back: {', '.join(done)}." if done else "There was nothing left to take back."
    if undo.kept:
        text += f" {undo.kept:,} kept, because something has happened to them since."
    return text
