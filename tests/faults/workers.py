"""Workers as a test holds them: to start, freeze, thaw and kill."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings
from django.core.files.storage import default_storage

from accounts.models import User
from bulk_uploads.models import BulkUpload, UploadUndo
from catalog.models import MediaFetching
from tests.processes import kill_group, process_environment
from tests.waiting import wait_until

#: Long enough for any batch; short enough to wait for its end.
LEASE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Worker:
    pid: int

    @property
    def is_alive(self) -> bool:
        return self._status() is not None

    def freeze(self) -> None:
        """SIGSTOP, in effect when this returns."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGSTOP)
        wait_until(self._stands_still, what="the worker to stop", every=0.0005)

    def thaw(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, and nothing of it is left when this returns."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self, *, seconds: float = 60.0) -> None:
        """Until it has ended by itself."""
        wait_until(lambda: not self.is_alive, seconds=seconds, what="the worker's end")

    def _stands_still(self) -> bool:
        return self._status() in (None, psutil.STATUS_STOPPED)

    def _status(self) -> str | None:
        """None if it is no more."""
        try:
            status = str(psutil.Process(self.pid).status())
        except psutil.NoSuchProcess:
            return None
        return None if status in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD) else status


class WorkerHost:
    """Starts workers against the database and files of the test that asks."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process = process
        self._log = log
        self._started: list[Worker] = []
        self._log_begins_at = 0

    def work(self, upload: BulkUpload, *, batch_rows: int | None = None) -> Worker:
        return self._start("work", upload_id=upload.pk, batch_rows=batch_rows)

    def fetch_media(self, job: MediaFetching, *, port: int) -> Worker:
        """Fetches the account's pictures from a server at that port of this machine."""
        return self._start("fetch_media", job_id=job.pk, port=port)

    def make_images(self, *, port: int, lease: float = 30.0) -> Worker:
        """Has pictures made by a fake provider at that port of this machine."""
        return self._start("make_images", port=port, lease=lease)

    def undo(self, undo: UploadUndo) -> Worker:
        return self._start("undo", undo_id=undo.pk)

    def request(self, path: str, *, token: str, processor: str, dies: str) -> Worker:
        """A web process that is asked for an upload, and dies over it."""
        return self._start("request", path=path, token=token, processor=processor, dies=dies)

    def edit(
        self, upload: BulkUpload, *, user: User, variant_ids: Sequence[int], report: Path
    ) -> Worker:
        return self._start(
            "edit",
            upload_id=upload.pk,
            user_id=user.pk,
            variant_ids=list(variant_ids),
            report=str(report),
        )

    @property
    def log(self) -> str:
        """What workers have logged since the test began: warnings and errors."""
        return self._log.read_text()[self._log_begins_at :]

    def forget(self) -> None:
        """No worker and no line of this test is there for the next one."""
        for worker in self._started:
            worker.kill()
        self._started.clear()
        self._log_begins_at = len(self._log.read_text())

    def _start(self, task: str, **command: object) -> Worker:
        command |= {"task": task, "files": default_storage.path("")}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        worker = Worker(int(self._process.stdout.readline()))
        self._started.append(worker)
        return worker


@contextmanager
def worker_host(log: Path) -> Iterator[WorkerHost]:
    """A host for workers whose leases and slices are short."""
    environment = process_environment(
        UPLOAD_LEASE_SECONDS=str(LEASE_SECONDS),
        UPLOAD_SLICE_SECONDS="1",
        LOG_LEVEL="WARNING",
        # They fetch only where a test tells them to.
        MEDIA_FETCHING="true",
    )
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker_host"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        try:
            yield WorkerHost(process, log)
        finally:
            kill_group(process)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
