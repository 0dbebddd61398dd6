"""One slice of an upload: from where the last one stopped, for about a minute, or to the end."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, connection, transaction

from bulk_uploads import differences, ledger, state_machine
from bulk_uploads.corrections.line import LineOfUpload
from bulk_uploads.differences import DiffersFromPreview, expectation_of
from bulk_uploads.engine import closing, ends, file_notes
from bulk_uploads.engine.ahead import BatchesAhead, PreparedRows
from bulk_uploads.engine.batches import BatchWriter
from bulk_uploads.engine.ends import End
from bulk_uploads.engine.garbage import rare_collections
from bulk_uploads.engine.laying_out import layout_of
from bulk_uploads.engine.pace import Pace
from bulk_uploads.engine.reading import read_into_spool
from bulk_uploads.engine.retrying import copies_spool, copy_rows_left
from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.models import BulkUpload, Phase, Status
from bulk_uploads.previews import PreviewKeeper
from bulk_uploads.processors import (
    Concluding,
    Conclusion,
    HeaderRejected,
    Issue,
    Plan,
    processor_named,
)
from bulk_uploads.readers import UnreadableFile
from jobs import clock
from jobs.claims import Claim
from jobs.errors import ClaimLost

logger = logging.getLogger(__name__)

#: How long a draft waits before it looks again whether its account is free.
WAITING = timedelta(seconds=20)


#: Called after each commit with the upload as it then is.
OnProgress = Callable[[BulkUpload], None]


class Cancelled(Exception):
    """Somebody asked for this upload to stop."""


class Run:
    """A worker's slice of one upload; all it knows is in the row, so any worker can go on."""

    def __init__(
        self,
        upload: BulkUpload,
        held: Claim,
        *,
        batch_rows: int | None = None,
        on_progress: OnProgress = lambda upload: None,
    ) -> None:
        self._upload = upload
        self._held = held
        self._on_progress = on_progress
        self._pace = Pace.for_database(connection.vendor, fixed_rows=batch_rows)
        self._until = time.monotonic() + settings.UPLOAD_SLICE_SECONDS

    def work(self) -> bool:
        """True when the upload has ended or waits for another; False when more slices are due."""
        try:
            if self._upload.status == Status.DRAFT and not self._start():
                return True
            return self._phases()
        except Cancelled:
            self._end(ends.cancelled(self._upload))
        except UnreadableFile as error:
            self._end(End(Status.FAILURE, error.code.value, error.message))
        except HeaderRejected as rejected:
            self._reject_header(rejected)
        except DiffersFromPreview as differing:
            self._stop_at_difference(differing)
        except UnknownProcessor as error:
            self._end(End(Status.FAILURE, error.code, error.messages[0]))
        return True

    def give_up(self, *, attempts: int) -> None:
        """End an upload that makes no progress."""
        self._end(ends.stuck(self._upload, attempts=attempts))

    def _start(self) -> bool:
        self._stop_if_told()
        if not state_machine.start(self._held):
            # Waiting its turn is not a failed attempt.
            self._held.release(run_after=clock.now() + WAITING, attempts=0)
            return False
        self._upload.refresh_from_db()
        return True

    def _phases(self) -> bool:
        upload = self._upload
        self._stop_if_told()
        if upload.phase == Phase.READING:
            self._read()
        plan = processor_named(upload.processor_name).plan(
            upload=upload, header=upload.header or []
        )
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
                issues = file_notes.of_reading(read)
                self._record_file_issues(issues)
                self._commit(
                    **file_notes.fields_of_reading(read),
                    warnings=ledger.count_warnings(issues),
                    progress=0,
                )
        except ClaimLost:
            # Whoever has the upload by now reads into a spool of its own.
            default_storage.delete(read.spool_path)
            raise

    def _record_file_issues(self, issues: Sequence[Issue]) -> None:
        ledger.record_issues(
            upload_id=self._upload.pk, is_dry=self._upload.is_dry_run, issues=issues
        )

    def _while_reading(self, rows: int) -> None:
        self._stop_if_told()
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
                prepare=plan.prepare,
            ) as ahead,
        ):
            while True:
                self._stop_if_told()
                started = time.monotonic()
                batch = ahead.take(self._pace.rows)
                if not batch.rows:
                    return True
                if not self._batch(writer, plan, batch, started):
                    ahead.start_over(offset=self._upload.checkpoint_offset)
                if time.monotonic() > self._until:
                    return False

    def _batch(self, writer: BatchWriter, plan: Plan, batch: PreparedRows, started: float) -> bool:
        """False if the batch holds a row the database refuses, and must be taken in parts."""
        rows = batch.rows
        self._pace.rest()
        progress = self._progress(rows[-1].end_offset)
        locked = time.monotonic()
        try:
            writer.write(rows, batch.prepared, **progress)
        except (DataError, IntegrityError) as error:
            plan.forget()
            if len(rows) > 1:
                self._pace.shrink()
                return False
            logger.warning("Upload %s row %s: %s", self._upload.pk, rows[0].number, error)
            writer.fail_row(rows[0], error, **progress)
        now = time.monotonic()
        self._pace.committed(rows=len(rows), held=now - locked, took=now - started)
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
            while True:
                with transaction.atomic():
                    more = plan.finish_step()
                    self._held.commit(made_progress=more, updated_at=clock.now())
                if not more:
                    break
                self._pace.step_committed()
                self._pace.rest()
        concluded = Conclusion()
        if isinstance(plan, Concluding):
            concluded = plan.conclude(is_dry=self._upload.is_dry_run)
        end = ends.of_last_row(self._upload, changes_more=concluded.changes_something)
        if self._checks_first and self._upload.failed_rows:
            end = ends.apply_failed(self._upload)
        self._conclude(end, plan, concluded)
        return True

    def _conclude(self, end: End, plan: Plan, concluded: Conclusion) -> None:
        upload = self._upload
        differing = differences.in_words(upload)
        remarks = filter(None, (end.message, concluded.remark, differing))
        with transaction.atomic():
            ledger.record_issues(
                upload_id=upload.pk, is_dry=upload.is_dry_run, issues=concluded.issues
            )
            self._end(
                End(end.status, end.code, " ".join(remarks)),
                plan=plan,
                output=concluded.output,
                warnings=upload.warnings + ledger.count_warnings(concluded.issues),
            )

    def _stop_at_difference(self, differing: DiffersFromPreview) -> None:
        """Strict was asked for: the batch that differs is undone already."""
        with transaction.atomic():
            differences.keep(differing.rows)
            self._end(ends.differs_from_preview(self._upload, differing))

    def _reject_header(self, rejected: HeaderRejected) -> None:
        with transaction.atomic():
            self._record_file_issues(rejected.issues)
            warnings = self._upload.warnings + ledger.count_warnings(rejected.issues)
            self._end(ends.header_rejected(rejected.issues), warnings=warnings)

    def _end(
        self,
        end: End,
        *,
        plan: Plan | None = None,
        output: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> None:
        upload = self._upload
        for name, value in fields.items():
            setattr(upload, name, value)
        counts = closing.final_counts(upload)
        for name, value in counts.items():
            setattr(upload, name, value)
        added = {**closing.added_to_output(upload, plan), **(output or {})}
        if upload.status == Status.DRAFT:
            finish = state_machine.fail_draft
        else:
            succeeded = end.status is Status.SUCCESS
            finish = state_machine.succeed if succeeded else state_machine.fail
        finish(
            self._held,
            output=ends.output_of(upload, end, added),
            extradata={**(upload.extradata or {}), **closing.speed(upload)},
            progress=100 if end.status is Status.SUCCESS else upload.progress,
            **counts,
            **fields,
        )

    def _slice_over(self) -> bool:
        self._held.release(run_after=clock.now())
        return False

    def _stop_if_told(self) -> None:
        """Raises Cancelled, or ClaimLost where another worker has the upload by now."""
        mine = BulkUpload.objects.filter(pk=self._upload.pk, claim_token=self._held.token)
        asked = list(mine.values_list("cancel_requested_at", flat=True))
        if not asked:
            raise ClaimLost(f"upload {self._upload.pk} has another holder")
        if asked[0] is not None:
            raise Cancelled

    def _commit(self, **fields: Any) -> None:
        state_machine.update_progress(self._held, **fields)
        for name, value in fields.items():
            setattr(self._upload, name, value)
        self._on_progress(self._upload)
