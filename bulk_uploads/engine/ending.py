"""How a run of an upload ends, whichever way: at its last row, cut short, or taken back."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from bulk_uploads import differences, ledger, state_machine
from bulk_uploads.differences import DiffersFromPreview
from bulk_uploads.engine import closing, ends, taking_back
from bulk_uploads.engine.ends import End
from bulk_uploads.engine.pace import Pace
from bulk_uploads.engine.taking_back import TakingBack
from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.models import BulkUpload, Phase, Status
from bulk_uploads.processors import (
    Conclusion,
    HeaderRejected,
    Issue,
    Plan,
    Settling,
    processor_named,
)
from jobs import clock
from jobs.claims import Claim
from jobs.errors import ClaimLost

logger = logging.getLogger(__name__)

#: Called after each commit with the upload as it then is.
OnProgress = Callable[[BulkUpload], None]
_AFTER_ROWS = frozenset({Phase.APPLYING, Phase.FINISHING})


class EndingRun:
    """What a slice of an upload holds, and the ways out of it."""

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

    def give_up(self, *, attempts: int) -> bool:
        """End an upload that makes no progress. False if it must be taken back first."""
        upload = self._upload
        if upload.phase == Phase.UNDOING:
            with transaction.atomic():
                self._end(TakingBack(upload, self._held).give_up(attempts=attempts))
            return True
        stuck = partial(ends.stuck, upload, attempts=attempts)
        if taking_back.leaves_nothing(upload):
            taking_back.begin(upload, self._held, stuck(stays=False))
            return self._slice_over()
        try:
            self._settle()
        except ClaimLost:
            raise
        except Exception:
            logger.exception("Upload %s: what was applied could not be settled", upload.pk)
        self._end(stuck(stays=True))
        return True

    def _cut_short(self, end_of: Callable[..., End]) -> bool:
        """End without the rows that are left; of all or nothing, without those applied either."""
        if taking_back.leaves_nothing(self._upload):
            taking_back.begin(self._upload, self._held, end_of(stays=False))
            return self._take_back()
        self._settle()
        self._end(end_of(stays=True))
        return True

    def _stop_at_difference(self, differing: DiffersFromPreview) -> bool:
        """Strict was asked for: the batch that differs is undone already."""
        upload = self._upload
        stays = not taking_back.leaves_nothing(upload)
        end = ends.differs_from_preview(upload, differing, stays=stays)
        if stays:
            self._settle()
        with transaction.atomic():
            differences.keep(differing.rows)
            if stays:
                self._end(end)
            else:
                taking_back.begin(upload, self._held, end)
        return stays or self._take_back()

    def _take_back(self) -> bool:
        way_back = TakingBack(self._upload, self._held)
        while way_back.step():
            self._pace.step_committed()
            self._on_progress(self._upload)
            if time.monotonic() > self._until:
                return self._slice_over()
            self._pace.rest()
        with transaction.atomic():
            self._end(way_back.finish(), **taking_back.NONE_APPLIED)
        return True

    def _settle(self) -> None:
        """What applied rows left to put right, where no finish will follow."""
        if self._upload.is_dry_run or self._upload.phase not in _AFTER_ROWS:
            return
        try:
            plan = self._plan()
        except (UnknownProcessor, HeaderRejected):
            return
        if isinstance(plan, Settling):
            self._steps(plan.settle_step)

    def _steps(self, step: Callable[[], bool]) -> None:
        while True:
            with transaction.atomic():
                more = step()
                self._held.commit(made_progress=more, updated_at=clock.now())
            if not more:
                break
            self._pace.step_committed()
            self._pace.rest()

    def _plan(self) -> Plan:
        upload = self._upload
        processor = processor_named(upload.processor_name)
        return processor.plan(upload=upload, header=upload.header or [])

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

    def _record_file_issues(self, issues: Sequence[Issue]) -> None:
        ledger.record_issues(
            upload_id=self._upload.pk, is_dry=self._upload.is_dry_run, issues=issues
        )

    def _slice_over(self) -> bool:
        self._held.release(run_after=clock.now())
        return False

    def _commit(self, **fields: Any) -> None:
        state_machine.update_progress(self._held, **fields)
        for name, value in fields.items():
            setattr(self._upload, name, value)
        self._on_progress(self._upload)
