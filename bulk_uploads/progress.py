"""How far an upload is, in words and numbers a person can act on."""

from dataclasses import dataclass

from bulk_uploads.models import BulkUpload, Phase, Status


@dataclass(frozen=True, slots=True)
class Progress:
    """`seconds_left` is None while it cannot be told honestly.

    `waiting_for` is the upload whose turn it is; one that has ended is being taken back.
    """

    percent: int | None
    phase: str
    done_rows: int
    total_rows: int
    rows_per_second: float | None
    seconds_left: int | None
    waiting_for: BulkUpload | None


def describe(upload: BulkUpload) -> Progress:
    """One query more for a waiting upload, none otherwise."""
    return Progress(
        percent=100 if upload.status == Status.SUCCESS else upload.progress,
        phase=_phase(upload),
        done_rows=upload.done_rows,
        total_rows=upload.total_rows,
        rows_per_second=upload.rows_per_second,
        seconds_left=_seconds_left(upload),
        waiting_for=_waiting_for(upload),
    )


def _phase(upload: BulkUpload) -> str:
    if upload.status != Status.IN_PROGRESS:
        return Status(upload.status).label
    if upload.cancel_requested_at is not None:
        return "Stopping after the current batch"
    if upload.phase == Phase.APPLYING and upload.is_dry_run:
        return Phase.CHECKING.label
    return Phase(upload.phase).label


def _seconds_left(upload: BulkUpload) -> int | None:
    rate = upload.rows_per_second
    applying = upload.phase in (Phase.CHECKING, Phase.APPLYING)
    if upload.status != Status.IN_PROGRESS or not rate or not applying:
        return None
    left = upload.total_rows - upload.done_rows
    if upload.phase == Phase.CHECKING:
        # The apply pass is still to come, and takes at least as long.
        left += upload.total_rows
    return max(1, round(left / rate))


def _waiting_for(upload: BulkUpload) -> BulkUpload | None:
    if upload.status != Status.DRAFT:
        return None
    holding = BulkUpload.objects.filter(account_id=upload.account_id, has_turn=True)
    return holding.with_file().first()
