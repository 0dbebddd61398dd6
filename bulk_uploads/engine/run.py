"""One slice of an upload: from where the last one stopped, for about a minute, or to the end."""

import logging
import time
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, transaction

from bulk_uploads import ledger, state_machine
from bulk_uploads.corrections.line import LineOfUpload
from bulk_uploads.differences import DiffersFromPreview, expectation_of
from bulk_uploads.engine import ends, file_notes
from bulk_uploads.engine.ahead import BatchesAhead, ReadyBatch
from bulk_uploads.engine.batches import BatchWriter
from bulk_uploads.engine.ending import EndingRun
from bulk_uploads.engine.ends import End
from bulk_uploads.engine.garbage import rare_collections
from bulk_uploads.engine.laying_out import layout_of
from bulk_uploads.engine.reading import read_into_spool
from bulk_uploads.engine.retrying import copies_spool, copy_rows_left
from bulk_uploads.engine.stopping import ApplyFailed, Cancelled, stop_if_told
from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.models import Phase, Status
from bulk_uploads.previews import PreviewKeeper
from bulk_uploads.processors import (
    Concluding,
    Conclusion,
    HeaderRejected,
    Plan,
)
from bulk_uploads.readers import UnreadableFile
from jobs import clock
from jobs.errors import ClaimLost

logger = logging.getLogger(__name__)

#: How long a draft waits before it looks again whether its account is free.
WAITING = timedelta(seconds=20)


class Run(EndingRun):
    """A worker's slice of one upload; all it knows is in the row, so any worker can go on."""

    def work(self) -> bool:
        """True when the upload has ended or waits for another; False when more slices are due."""
        try:
            if self._upload.status == Status.DRAFT and not self._start():
                return True
            return self._phases()
        except Cancelled:
            return self._cut_short(partial(ends.cancelled, self._upload))
        except ApplyFailed:
            return self._cut_short(partial(ends.apply_failed, self._upload))
        except UnreadableFile as error:
            self._end(End(Status.FAILURE, error.code.value, error.message))
        except HeaderRejected as rejected:
            self._reject_header(rejected)
        except DiffersFromPreview as differing:
            return self._stop_at_difference(differing)
        except UnknownProcessor as error:
            self._end(End(Status.FAILURE, error.code, error.messages[0]))
        return True

    def _start(self) -> bool:
        stop_if_told(self._held)
        if not state_machine.start(self._held):
            # Waiting its turn is not a failed attempt.
            self._held.release(run_after=clock.now() + WAITING, attempts=0)
            return False
        self._upload.refresh_from_db()
        return True

    def _phases(self) -> bool:
        upload = self._upload
        if upload.phase == Phase.UNDOING:
            return self._take_back()
        stop_if_told(self._held)
        if upload.phase == Phase.READING:
            self._read()
        plan = self._plan()
        if upload.phase == Phase.READING and not self._leave_reading(plan):
            return True
        if upload.phase == Phase.CHECKING:
            if not self._pass(plan, is_dry=True):
                return self._slice_over()
            if not self._leave_checking(plan):
                return True
        if upload.phase == Phase.APPLYING:
            if not self._pass(plan, is_dry=upload.is_dry_run):
                return self._slice_over()
            self._commit(phase=Phase.FINISHING)
        return self._finish(plan)

    def _read(self) -> None:
        upload = self._upload
        if upload.spool_path:
            return
        private = f"{upload.account.uuid}/private/spools"
        read_rows = copy_rows_left if copies_spool(upload) else read_into_spool
        read = read_rows(
            upload=upload,
            spool_path=f"{private}/{upload.uuid}-{self._held.token}.jsonl",
            layout_of=partial(layout_of, upload),
            heartbeat=self._while_reading,
        )
        try:
            with transaction.atomic():
                noted = file_notes.of_reading(upload, read)
                self._record_file_issues(noted.issues)
                self._commit(**noted.fields, progress=0)
        except ClaimLost:
            # Whoever has the upload by now reads into a spool of its own.
            default_storage.delete(read.spool_path)
            raise

    def _while_reading(self, rows: int) -> None:
        stop_if_told(self._held)
        # A sign of life, but no progress: who takes over reads the file from its start.
        self._held.commit(updated_at=clock.now(), total_rows=rows, progress=0)
        self._upload.total_rows = rows
        self._on_progress(self._upload)

    def _leave_reading(self, plan: Plan) -> bool:
        upload = self._upload
        if not upload.total_rows:
            self._end(ends.no_data_rows(upload))
            return False
        with transaction.atomic():
            self._record_file_issues(plan.issues)
            self._commit(
                phase=Phase.CHECKING if self._checks_first else Phase.APPLYING,
                warnings=upload.warnings + ledger.count_warnings(plan.issues),
                extradata={**(upload.extradata or {}), **plan.extradata},
            )
        return True

    @property
    def _checks_first(self) -> bool:
        return self._upload.is_all_or_nothing and not self._upload.is_dry_run

    def _leave_checking(self, plan: Plan) -> bool:
        if self._upload.failed_rows:
            self._end(ends.rows_failed(self._upload), plan=plan)
            return False
        self._commit(
            phase=Phase.APPLYING,
            checkpoint_offset=0,
            checkpoint_row=0,
            warnings=ledger.count_file_warnings(self._upload),
            **dict.fromkeys(("created_rows", "updated_rows", "unchanged_rows", "merged_rows"), 0),
        )
        return True

    def _pass(self, plan: Plan, *, is_dry: bool) -> bool:
        """Apply what is left of the spool; False if the slice's time is over before."""
        with transaction.atomic():
            plan.begin(is_dry=is_dry)
            self._held.commit()
        writer = BatchWriter(
            upload=self._upload,
            held=self._held,
            plan=plan,
            is_dry=is_dry,
            replaces_check=self._checks_first and not is_dry,
            preview=PreviewKeeper(self._upload) if self._upload.is_dry_run else None,
            expectation=expectation_of(self._upload),
            line=LineOfUpload(self._upload) if self._upload.root_id else None,
        )
        with (
            rare_collections(),
            default_storage.open(self._upload.spool_path, "rb") as spool,
            BatchesAhead(
                cast(BinaryIO, spool.file),
                offset=self._upload.checkpoint_offset,
                plan=plan,
                fills_pauses=self._pace.is_shared_writer,
                # What a dry run writes is rolled back before its commit, and not checked there.
                commits_take_long=not is_dry,
            ) as ahead,
        ):
            writer.before_commit = ahead.begin_next
            while True:
                stop_if_told(self._held)
                if self._checks_first and self._upload.failed_rows and not is_dry:
                    raise ApplyFailed
                started = time.monotonic()
                batch = ahead.take(self._pace.next_rows)
                if not batch.lines:
                    return True
                if not self._batch(writer, ahead, batch, started):
                    ahead.start_over(offset=self._upload.checkpoint_offset)
                if time.monotonic() > self._until:
                    return False

    def _batch(
        self, writer: BatchWriter, ahead: BatchesAhead, batch: ReadyBatch, started: float
    ) -> bool:
        """False if the batch must be taken in parts: it holds a row the database refuses, or is
        larger than one that changes something may be."""
        lines = batch.lines
        self._pace.rest()
        progress = self._progress(lines.end_offset)
        if batch.is_glance:
            if writer.write_recognised(lines, batch.glanced, **progress):
                self._pace.recognised(rows=len(lines), took=time.monotonic() - started)
                self._on_progress(self._upload)
                return True
            self._pace.not_recognised()
            if len(lines) > self._pace.rows:
                return False
            batch = ahead.prepared(batch)
        locked = time.monotonic()
        try:
            writer.write(lines, batch.prepared, **progress)
        except (DataError, IntegrityError) as error:
            writer.plan.forget()
            if len(lines) > 1:
                self._pace.shrink()
                return False
            logger.warning("Upload %s row %s: %s", self._upload.pk, lines.first_number, error)
            writer.fail_row(lines, error, **progress)
        now = time.monotonic()
        self._pace.committed(rows=len(lines), held=now - locked, took=now - started)
        self._on_progress(self._upload)
        return True

    def _progress(self, offset: int) -> dict[str, Any]:
        share = offset / max(self._upload.spool_bytes, 1)
        if self._checks_first:
            share = share / 2 + (0.5 if self._upload.phase == Phase.APPLYING else 0.0)
        return {
            "progress": min(99, int(share * 100)),
            "rows_per_second": self._pace.rows_per_second,
        }

    def _finish(self, plan: Plan) -> bool:
        if not self._upload.is_dry_run:
            self._steps(plan.finish_step)
        concluded = Conclusion()
        if isinstance(plan, Concluding):
            concluded = plan.conclude(is_dry=self._upload.is_dry_run)
        end = ends.of_last_row(
            self._upload,
            changes_more=concluded.changes_something,
            if_unchanged=concluded.if_unchanged,
        )
        self._conclude(end, plan, concluded)
        return True
