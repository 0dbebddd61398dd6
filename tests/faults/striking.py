"""Killing or freezing a worker at a chosen moment, by looking at the database while it runs.

The worker runs for a few milliseconds at a time and is looked at while it stands still, so that
what was seen is still true when it is killed. Nothing in the product knows of this.
"""

import sqlite3
import threading
from collections.abc import Callable
from random import Random
from typing import Any

from django.db import connection

from bulk_uploads.models import BulkUpload, Phase, Status, UploadUndo
from jobs import clock
from tests.faults.workers import Worker
from tests.waiting import wait_until

Job = BulkUpload | UploadUndo
Moment = Callable[[Any], bool]

_LONGEST_RUN_SECONDS = 0.004


def while_reading(upload: BulkUpload) -> bool:
    return upload.status == Status.IN_PROGRESS and not upload.spool_path


def behind_row(row: int, *, phase: Phase = Phase.APPLYING) -> Moment:
    return lambda upload: upload.phase == phase and upload.checkpoint_row >= row


def while_finishing(upload: BulkUpload) -> bool:
    return upload.phase == Phase.FINISHING


def while_taking_back(job: Job) -> bool:
    """Some of it is taken back, and not all."""
    is_undo = isinstance(job, UploadUndo) or job.phase == Phase.UNDOING
    return is_undo and 0 < (job.progress or 0) < 99


def freeze(worker: Worker, upload: Job, *, when: Moment, writing: bool, random: Random) -> None:
    """Leave the worker frozen at such a moment: inside an open writing transaction, or outside.

    Raises AssertionError if there was none before the upload ended.
    """

    def has_come() -> bool:
        worker.freeze()
        upload.refresh_from_db()
        assert not upload.has_ended, f"{upload} ended before the moment came"
        assert worker.is_alive, "the worker has ended before the moment came"
        if when(upload) and writing_transaction_is_open() == writing:
            return True
        worker.thaw()
        threading.Event().wait(random.uniform(0, _LONGEST_RUN_SECONDS))
        return False

    wait_until(has_come, seconds=60, what="the moment", every=0)


def kill(worker: Worker, upload: Job, *, when: Moment, writing: bool, random: Random) -> None:
    """SIGKILL at such a moment, see `freeze`; time passes until the lease has run out."""
    freeze(worker, upload, when=when, writing=writing, random=random)
    worker.kill()
    wait_until(lambda: not writing_transaction_is_open(), what="the server to notice")
    let_lease_end(upload)


def let_lease_end(upload: Job) -> None:
    """What the passing of time does, without the waiting."""
    held = type(upload).job_rows().filter(pk=upload.pk, lease_expires_at__isnull=False)
    held.update(lease_expires_at=clock.now())


def let_wait_end(upload: BulkUpload) -> None:
    """The next attempt, or the next look at whether it is the upload's turn, is due now."""
    BulkUpload.objects.filter(pk=upload.pk, run_after__isnull=False).update(run_after=clock.now())


def writing_transaction_is_open() -> bool:
    """Whether any other process has written something that it has not committed yet."""
    if connection.vendor == "sqlite":
        return _sqlite_is_locked()
    return _postgres_has_writers()


def _sqlite_is_locked() -> bool:
    probe = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    try:
        probe.execute("BEGIN IMMEDIATE")
        probe.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        probe.close()
    return False


def _postgres_has_writers() -> bool:
    """Statements that still run are waited for, but not those that wait for who sent them and
    stands still: to send more, or to take what was found."""
    running = "state = 'active' AND coalesce(wait_event, '') NOT IN ('ClientRead', 'ClientWrite')"
    wait_until(lambda: not _postgres_backends(running), every=0.001)
    return bool(_postgres_backends("backend_xid IS NOT NULL"))


def _postgres_backends(condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            f"AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND {condition}"
        )
        return int(cursor.fetchone()[0])
