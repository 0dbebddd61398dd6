"""One batch in one transaction: effects, ledger, issues, checkpoint and heartbeat together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from bulk_uploads import ledger, state_machine
from bulk_uploads.corrections.line import LineOfUpload
from bulk_uploads.differences import Expectation
from bulk_uploads.engine.asides import add_asides, rows_to_apply
from bulk_uploads.foretelling import add_sums
from bulk_uploads.models import BulkUpload, Level, Outcome
from bulk_uploads.previews import PreviewKeeper
from bulk_uploads.processors import (
    Batch,
    BatchResult,
    Issue,
    Plan,
    Presuming,
    Recognising,
    RowOutcome,
)
from bulk_uploads.spool import SpoolLines, SpoolRow
from jobs.claims import Claim

_COUNTERS = {
    Outcome.CREATED: "created_rows",
    Outcome.UPDATED: "updated_rows",
    Outcome.UNCHANGED: "unchanged_rows",
    Outcome.MERGED: "merged_rows",
    Outcome.FAILED: "failed_rows",
}


@dataclass(slots=True)
class BatchWriter:
    """Applies batches of one pass. `replaces_check` drops what the check pass noted of the rows.

    A dry run has a preview to keep; an upload that was started from one is compared with it.
    A child upload has a `line`, whose rows its own may settle.
    """

    upload: BulkUpload
    held: Claim
    plan: Plan
    is_dry: bool
    replaces_check: bool
    preview: PreviewKeeper | None = None
    expectation: Expectation | None = None
    line: LineOfUpload | None = None
    #: Called where a batch that changes something is about to be committed.
    before_commit: Callable[[], None] = lambda: None
    # Once a file repeats a key it is likely to do so again: then the ledger is asked first.
    is_exact: bool = False

    def write_recognised(self, lines: SpoolLines, glanced: Any, **progress: Any) -> bool:
        """Write a batch of which the plan can tell that it changes nothing; False if it cannot.

        Whether it does is asked before the transaction: the lock is not held for that.
        """
        if self.is_exact or self.line is not None or not isinstance(self.plan, Recognising):
            return False
        batch = self._batch([], glanced)
        result = self.plan.recognise(batch)
        if result is None:
            return False
        if batch.is_preview:
            # There are no effects that it would have to see.
            add_sums(self.upload, result)
        try:
            with transaction.atomic():
                self.plan.remember(batch)
                fields = self._note(lines, result, progress)
        except ledger.KeyHeldByEarlierRow:
            self.is_exact = True
            return False
        self._take_over(fields)
        return True

    def write(self, lines: SpoolLines, prepared: Any, **progress: Any) -> None:
        """Raises what the database raises, or DiffersFromPreview, with nothing written."""
        while True:
            try:
                fields = self._write(lines, prepared, progress)
            except ledger.KeyHeldByEarlierRow:
                if self.is_exact:
                    # The ledger was asked, and yet: somebody else goes on with this upload.
                    raise
                self.is_exact = True
            except IntegrityError:
                if not (isinstance(self.plan, Presuming) and self.plan.doubt()):
                    raise
            else:
                break
            self.plan.forget()
        self._take_over(fields)

    def fail_row(self, lines: SpoolLines, error: Exception, **progress: Any) -> None:
        """The one row that the database refuses is written off; the others go on."""
        (row,) = lines.rows
        issue = Issue(
            row=row.number,
            column="",
            value="",
            level=Level.ERROR,
            code="data_error",
            message=f"The database refuses this row: {_first_line(error)} Correct it and retry.",
        )
        failed = RowOutcome(row.number, None, Outcome.FAILED, None)
        with transaction.atomic():
            fields = self._note(lines, BatchResult([failed], [issue]), progress)
        self._take_over(fields)

    def _write(self, lines: SpoolLines, prepared: Any, progress: dict[str, Any]) -> dict[str, Any]:
        """What is committed of the upload's own row."""
        rows = lines.rows
        with transaction.atomic():
            to_apply = rows_to_apply(rows)
            if self.line is not None:
                self.line.begin_batch(rows)
            batch = self._batch(to_apply, prepared)
            result = BatchResult()
            if to_apply:
                result = self._dry(batch) if self.is_dry else self.plan.apply(batch)
                self.plan.remember(batch)
            add_asides(rows, result)
            fields = self._note(lines, result, progress)
            self.before_commit()
        return fields

    def _batch(self, rows: list[SpoolRow], prepared: Any) -> Batch:
        earlier = ledger.LedgerOfPass(
            upload_id=self.upload.pk, is_dry=self.is_dry, is_exact=self.is_exact
        )
        return Batch(
            rows=rows,
            prepared=prepared,
            is_dry=self.is_dry,
            earlier=earlier,
            is_preview=self.preview is not None,
            line=self.line,
        )

    def _dry(self, batch: Batch) -> BatchResult:
        savepoint = transaction.savepoint()
        result = self.plan.apply(batch)
        if batch.is_preview:
            add_sums(self.upload, result)
        transaction.savepoint_rollback(savepoint)
        self.plan.forget()
        return result

    def _note(
        self, lines: SpoolLines, result: BatchResult, progress: dict[str, Any]
    ) -> dict[str, Any]:
        last_row = lines.last_number
        if self.replaces_check:
            ledger.drop_dry_rows(upload_id=self.upload.pk, up_to_row=last_row)
        ledger.record(upload_id=self.upload.pk, is_dry=self.is_dry, result=result)
        if self.expectation is not None:
            self.expectation.compare(
                is_dry=self.is_dry, first_row=lines.first_number, last_row=last_row
            )
        if self.preview is not None:
            self.preview.write(result.notes)
        if self.line is not None and not self.is_dry:
            self.line.settle(result)
        fields = {
            "checkpoint_offset": lines.end_offset,
            "checkpoint_row": last_row,
            **self._counts(result),
            **progress,
        }
        state_machine.update_progress(self.held, **fields)
        return fields

    def _counts(self, result: BatchResult) -> dict[str, int]:
        tally = [0] * (len(_COUNTERS) + 1)
        for outcome in result.outcomes:
            tally[outcome.outcome] += 1
        counts = {
            name: getattr(self.upload, name) + tally[outcome]
            for outcome, name in _COUNTERS.items()
            if tally[outcome]
        }
        counts["warnings"] = self.upload.warnings + ledger.count_warnings(result.issues)
        return counts

    def _take_over(self, fields: dict[str, Any]) -> None:
        """Only once it is committed: a batch rolled back has not moved the upload on."""
        if self.preview is not None:
            self.preview.take_over()
        for name, value in fields.items():
            setattr(self.upload, name, value)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".") + "."
