"""What a worker does when the bell rings for an upload."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError

from bulk_uploads.engine.ending import OnProgress
from bulk_uploads.engine.run import Run
from bulk_uploads.models import BulkUpload, Status, UploadUndo
from jobs import clock
from jobs.claims import Claim, claim
from jobs.enqueue import enqueue, enqueue_model
from jobs.errors import ClaimLost
from jobs.models import FollowUp

#: Claims without progress after which an upload is given up.
MOST_ATTEMPTS = 5
_LONGEST_WAIT = timedelta(minutes=2)

logger = logging.getLogger(__name__)


def run_bulk_upload(pk: int) -> None:
    """Work on the upload for a slice, if it is due and nobody else does."""
    if run_slice(pk):
        enqueue_model(BulkUpload, pk)


def run_slice(
    pk: int, *, batch_rows: int | None = None, on_progress: OnProgress = lambda upload: None
) -> bool:
    """True when the next slice is due at once. `batch_rows` fixes the size of its batches."""
    held = claim(BulkUpload, pk, lease=timedelta(seconds=settings.UPLOAD_LEASE_SECONDS))
    if held is None:
        return False
    upload = BulkUpload.objects.with_file().get(pk=pk)
    run = Run(upload, held, batch_rows=batch_rows, on_progress=on_progress)
    try:
        if upload.attempts > MOST_ATTEMPTS:
            return not run.give_up(attempts=MOST_ATTEMPTS)
        return not run.work()
    except ClaimLost:
        _note_loss(pk)
    except Exception:
        _after_error(upload, held)
    except BaseException:
        # Told to stop: the next worker need not wait for the lease to run out.
        _give_back(held)
        raise
    return False


def _after_error(upload: BulkUpload, held: Claim) -> None:
    """Locks, disks, connections and our own mistakes alike: later again, and no row is blamed.

    What goes wrong after another worker took over (rows that are there already) is no error.
    """
    if not held.is_mine():
        _note_loss(upload.pk)
        return
    logger.exception("Upload %s: attempt %s failed", upload.pk, upload.attempts)
    attempts = BulkUpload.objects.filter(pk=upload.pk).values_list("attempts", flat=True).get()
    _give_back(held, wait=min(timedelta(seconds=2**attempts), _LONGEST_WAIT))


def _give_back(held: Claim, *, wait: timedelta = timedelta()) -> None:
    """Where even that fails, the lease runs out by itself."""
    try:
        held.release(run_after=clock.now() + wait)
    except ClaimLost:
        _note_loss(held.job_id)
    except DatabaseError:
        logger.warning("Upload %s could not be given back", held.job_id, exc_info=True)


def _note_loss(pk: int) -> None:
    logger.warning("Upload %s was taken over by another worker", pk)


def wake_next_upload(follow_up: FollowUp) -> None:
    """The account's turn is free: whoever waits for it need not wait for the next look.

    The longest waiting upload and the longest waiting undo are woken; one of them gets the turn.
    """
    if follow_up.account_id is None:
        return
    mine = BulkUpload.objects.filter(account_id=follow_up.account_id, status=Status.DRAFT)
    waiting = mine.order_by("id").first()
    if waiting is not None:
        look_again(waiting)
        enqueue(waiting)
    undos = UploadUndo.objects.filter(
        upload__account_id=follow_up.account_id, status=Status.DRAFT, claim_token=None
    )
    undo = undos.order_by("id").first()
    if undo is not None:
        undos.filter(pk=undo.pk).update(run_after=clock.now())
        enqueue(undo)


def look_again(waiting: BulkUpload) -> None:
    """Have a waiting upload look now whether its account is free, instead of a while later."""
    BulkUpload.objects.filter(pk=waiting.pk, status=Status.DRAFT, claim_token=None).update(
        run_after=clock.now()
    )
