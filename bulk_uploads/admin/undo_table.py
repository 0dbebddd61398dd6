"""An upload's undo as people follow it: how it stands, and page by page what it kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from bulk_uploads.admin.wording import Badge
from bulk_uploads.models import BulkUpload, Status, UndoKept, UploadUndo
from bulk_uploads.undoing import can_undo

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class UndoState:
    """The queries lead to other pages of what was kept, where there are any."""

    undo: UploadUndo
    badge: Badge
    kept: list[UndoKept]
    first_query: str | None
    next_query: str | None


def undo_state(upload: BulkUpload, query: Mapping[str, str]) -> UndoState | None:
    """None for an upload that nobody has undone. Two queries."""
    undo = UploadUndo.objects.filter(upload=upload).select_related("requested_by", "token").first()
    if undo is None:
        return None
    asked = query.get("kept_from", "")
    start = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
    kept = list(undo.kept_rows.filter(id__gte=start).order_by("id")[: PER_PAGE + 1])
    return UndoState(
        undo=undo,
        badge=undo_badge(undo),
        kept=kept[:PER_PAGE],
        first_query="" if start else None,
        next_query=f"kept_from={kept[PER_PAGE].pk}" if len(kept) > PER_PAGE else None,
    )


def undo_badge(undo: UploadUndo) -> Badge:
    if undo.status == Status.SUCCESS:
        return Badge("Undone, some kept", "warning") if undo.kept else Badge("Undone", "success")
    if undo.status == Status.FAILURE:
        return Badge("Undo failed", "danger")
    return Badge("Undoing", "info") if undo.started_at else Badge("Waiting", "default")


def may_be_asked_for(upload: BulkUpload, state: UndoState | None) -> bool:
    """Whether there is something to ask for: an undo, or the rest of one that was given up."""
    if state is not None:
        return state.undo.status == Status.FAILURE
    # Where every row failed, nothing was written, and nothing follows from what is not named.
    return can_undo(upload) and (upload.output or {}).get("code") != "all_rows_failed"
