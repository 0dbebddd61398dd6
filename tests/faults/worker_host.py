"""A process that forks workers on command, so that a test can start many and kill each.

One command a line on standard input, as JSON; the answer is the process id of what it started.
Each worker is a process of its own with its own connection; only the imports are shared.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django
from django.conf import settings

PAUSE_SECONDS = 0.05
BETWEEN_EDITS_SECONDS = 0.02


def work(*, upload_id: int, batch_rows: int | None) -> None:
    """Slice after slice, as workers do that hear every bell, until the upload has ended."""
    from bulk_uploads.tasks import run_slice

    while not _has_ended(upload_id):
        if not run_slice(upload_id, batch_rows=batch_rows):
            _pause(PAUSE_SECONDS)


def take_small_steps() -> None:
    """Many moments in which some of an undo is done and not all, on either database."""
    from catalog.undoing import undoer

    undoer._ROWS_AT_ONCE = dict.fromkeys(undoer._ROWS_AT_ONCE, 100)


def undo(*, undo_id: int) -> None:
    """The same for the undo of an upload."""
    from bulk_uploads.models import UploadUndo
    from bulk_uploads.undo_tasks import run_undo_slice

    while not UploadUndo.objects.get(pk=undo_id).has_ended:
        if not run_undo_slice(undo_id):
            _pause(PAUSE_SECONDS)


def edit(*, upload_id: int, user_id: int, variant_ids: list[int], report: str) -> None:
    """Edit these variants in turn until the upload has ended; report how long each edit took."""
    from bulk_uploads.models import BulkUpload
    from catalog.editing import edit_variant
    from catalog.writing.context import Actor

    account_id = BulkUpload.objects.get(pk=upload_id).account_id
    took: list[float] = []
    while not _has_ended(upload_id):
        started = time.monotonic()
        edit_variant(
            account_id=account_id,
            actor=Actor(user_id=user_id),
            variant_id=variant_ids[len(took) % len(variant_ids)],
            values={"description": f"edit {len(took)}", "display_name": f"edit {len(took)}"},
        )
        took.append(time.monotonic() - started)
        _pause(BETWEEN_EDITS_SECONDS)
    Path(report).write_text(json.dumps(took))


def fetch_media(*, job_id: int, port: int) -> None:
    """Slice after slice until no picture of the account is waiting."""
    from catalog.media_fetching.tasks import run_slice
    from catalog.models import MediaAsset, MediaFetching
    from tests.catalog.media_fetching.fetching import policy_for_ports

    account_id = MediaFetching.objects.get(pk=job_id).account_id
    policy = policy_for_ports(port, threads=4, threads_per_host=4)
    while MediaAsset.objects.filter(account_id=account_id, due_at__isnull=False).exists():
        if not run_slice(job_id, policy=policy):
            _pause(PAUSE_SECONDS)


def make_images(*, port: int, lease: float) -> None:
    """Round after round until no image job is due or held, buying from a fake at that port."""
    from imagery.engine import rescues
    from imagery.engine.waking import wake_due
    from imagery.models import ImageJob, ImageRescue, UnrescuedImage
    from imagery.tasks import run_round
    from jobs import clock
    from tests.imagery.engine.policies import policy_for_ports

    settings.CREATIVEAI_BASE_URL = f"http://127.0.0.1:{port}/v1"
    settings.CREATIVEAI_API_KEY = "key"
    policy = policy_for_ports(port, lease=timedelta(seconds=lease), slice_seconds=2.0)
    # Nobody waits for the minutes that a rescue is left to a worker who may be dead by now.
    rescues._LEASE = policy.lease
    unrescued = UnrescuedImage.objects.filter(lost_at=None, call__state="ended")
    soon = timedelta(seconds=5)
    while ImageJob.objects.filter(run_after__lte=clock.now() + soon).exists() or unrescued.exists():
        run_round(policy=policy)
        # Nobody waits for the time that a server in trouble is given.
        unrescued.update(due_at=clock.now())
        wake_due()
        for pk in ImageRescue.job_rows().due(at=clock.now()).values_list("pk", flat=True):
            rescues.rescue(pk, policy=policy)
        _pause(PAUSE_SECONDS)


def request(*, path: str, token: str, processor: str, dies: str) -> None:
    """Ask for an upload, and die before or after what that writes is committed."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from jobs import enqueue
    from platform_api import idempotency

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    usual = idempotency._Claim.keep

    def keep_and_die(*given: Any) -> None:
        usual(*given)
        die()

    if dies == "after the commit":
        patch.object(enqueue, "_ring_quietly", die).start()
    else:
        patch.object(idempotency._Claim, "keep", keep_and_die).start()
    fields: dict[str, Any] = {"file": SimpleUploadedFile("fans.csv", b"SKU,Price\nFAN-1,5830\n")}
    if processor:
        fields["processor_name"] = processor
    Client(SERVER_NAME="localhost").post(
        path, fields, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1"}
    )
    raise AssertionError("It was to die")


TASKS: dict[str, Callable[..., object]] = {
    "work": work,
    "undo": undo,
    "edit": edit,
    "fetch_media": fetch_media,
    "make_images": make_images,
    "request": request,
}


def _has_ended(upload_id: int) -> bool:
    from bulk_uploads.models import BulkUpload

    return BulkUpload.objects.get(pk=upload_id).has_ended


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def _in_child(command: dict[str, object]) -> None:
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        task = TASKS[str(command.pop("task"))]
        settings.STORAGES["default"]["OPTIONS"]["location"] = command.pop("files")
        task(**command)
        status = 0
    except BaseException:
        logging.exception("The worker ended with an error")
    finally:
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    django.setup()
    take_small_steps()
    # What is slow to import is imported once, and not by each worker.
    import_module("imagery.tasks")
    import_module("config.urls")
    # Nobody asks how a worker ended: the test looks at what it left.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _in_child(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
