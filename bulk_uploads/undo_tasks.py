"""What a worker does when the bell rings for the undo of an upload."""

import logging
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from bulk_uploads.engine.pace import Pace
from bulk_uploads.engine.run import WAITING
from bulk_uploads.engine.undo_steps import UndoSteps, message_of, reopen_corrected_rows
from bulk_uploads.models import BulkUpload, Status, UploadUndo
from bulk_uploads.undoers import Undoer, undoer_for
from jobs import clock, followups
from jobs.claims import Claim, claim
from jobs.enqueue import enqueue_model
from jobs.errors import ClaimLost

#: Follow-up kind; its payload is {"undo_id": primary key}.
UNDONE_FOLLOW_UP = "bulk_upload.undone"
#: Claims without progress after which an undo is given up, until somebody asks for it again.
MOST_ATTEMPTS = 5
_LONGEST_WAIT = timedelta(minutes=2)

logger = logging.getLogger(__name__)


def run_upload_undo(pk: int) -> None:
    """Work on the undo for a slice, if it is due and nobody else does."""
    if run_undo_slice(pk):
        enqueue_model(UploadUndo, pk)


def run_undo_slice(pk: int) -> bool:
    """True when the next slice is due at once."""
    held = claim(UploadUndo, pk, lease=timedelta(seconds=settings.UPLOAD_LEASE_SECONDS))
    if held is None:
        return False
    undo = UploadUndo.objects.select_related("upload__account").get(pk=pk)
    run = _UndoRun(undo, held)
    try:
        if undo.attempts > MOST_ATTEMPTS:
            run.give_up()
            return False
        return not run.work()
    except ClaimLost:
        logger.warning("%s was taken over by another worker", undo)
    except Exception:
        _after_error(undo, held)
    except BaseException:
        _give_back(held)
        raise
    return False


class _UndoRun:
    """A worker's slice of one undo; all it knows is in the row, so any worker can go on."""

    def __init__(self, undo: UploadUndo, held: Claim) -> None:
        self._undo = undo
        self._held = held
        self._until = time.monotonic() + settings.UPLOAD_SLICE_SECONDS

    def work(self) -> bool:
        """True when the undo has ended or waits for its turn; False when more slices are due."""
        if self._undo.status == Status.DRAFT and not self._start():
            self._held.release(run_after=clock.now() + WAITING, attempts=0)
            return True
        undoer = undoer_for(self._undo.upload)
        if undoer is not None and not self._steps(undoer):
            self._held.release(run_after=clock.now())
            return False
        self._end(Status.SUCCESS, code="undone", message=message_of(self._undo))
        return True

    def give_up(self) -> None:
        self._end(
            Status.FAILURE,
            code="stuck",
            message=f"No progress in {MOST_ATTEMPTS} attempts. Your operator's log says why; when "
            "that is mended, ask for the undo again: it goes on where it stopped.",
        )

    def _start(self) -> bool:
        """The account's turn, as an upload takes it. False while somebody else has it."""
        try:
            with transaction.atomic():
                BulkUpload.objects.filter(pk=self._undo.upload_id).update(has_turn=True)
                self._commit({"status": Status.IN_PROGRESS, "started_at": clock.now()})
        except IntegrityError:
            return False
        self._undo.status = Status.IN_PROGRESS
        return True

    def _steps(self, undoer: Undoer) -> bool:
        """False if the slice's time is over before the last step."""
        steps = UndoSteps(self._undo, undoer, self._commit)
        pace = Pace.for_database(connection.vendor)
        while steps.take():
            pace.step_committed()
            if time.monotonic() > self._until:
                return False
            pace.rest()
        return True

    def _commit(self, fields: dict[str, Any]) -> None:
        self._held.commit(made_progress=True, updated_at=clock.now(), **fields)

    def _end(self, status: Status, *, code: str, message: str) -> None:
        undo, now = self._undo, clock.now()
        with transaction.atomic():
            if status is Status.SUCCESS:
                reopen_corrected_rows(undo.upload_id)
            if undo.status == Status.IN_PROGRESS:
                BulkUpload.objects.filter(pk=undo.upload_id).update(has_turn=False, updated_at=now)
            followups.add(
                kind=UNDONE_FOLLOW_UP, payload={"undo_id": undo.pk}, account=undo.upload.account
            )
            self._held.release(
                status=status,
                code=code,
                message=message,
                progress=100 if status is Status.SUCCESS else undo.progress,
                ended_at=now,
                updated_at=now,
            )


def _after_error(undo: UploadUndo, held: Claim) -> None:
    """Locks, disks, connections and our own mistakes alike: later again."""
    if not held.is_mine():
        logger.warning("%s was taken over by another worker", undo)
        return
    logger.exception("%s: attempt %s failed", undo, undo.attempts)
    attempts = UploadUndo.objects.filter(pk=undo.pk).values_list("attempts", flat=True).get()
    _give_back(held, wait=min(timedelta(seconds=2**attempts), _LONGEST_WAIT))


def _give_back(held: Claim, *, wait: timedelta = timedelta()) -> None:
    """Where even that fails, the lease runs out by itself."""
    try:
        held.release(run_after=clock.now() + wait)
    except ClaimLost:
        logger.warning("Undo %s was taken over by another worker", held.job_id)
    except DatabaseError:
        logger.warning("Undo %s could not be given back", held.job_id, exc_info=True)
