"""One batch in one transaction: effects, ledger, issues, checkpoint and heartbeat together."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from bulk_uploads import ledger, state_machine
from bulk_uploads.corrections.line import LineOfUpload
from bulk_uploads.differences import Expectation
from bulk_uploads.engine.asides import add_asides, rows_to_apply
from bulk_uploads.foretelling import add_sums
from bulk_uploads.models import BulkUpload, Level, Outcome
from bulk_uploads.previews import PreviewKeeper
from bulk_uploads.processors import Batch, BatchResult, Issue, Plan, RowOutcome
from bulk_uploads.spool import SpoolRow
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
    # Once a file repeats a key it is likely to do so again: then the ledger is asked first.
    is_exact: bool = False

    def write(self, rows: list[SpoolRow], prepared: Any, **progress: Any) -> None:
        """Raises what the database raises, or DiffersFromPreview, with nothing written."""
        try:
            fields = self._write(rows, prepared, progress)
        except ledger.KeyHeldByEarlierRow:
            self.is_exact = True
            self.plan.forget()
            fields = self._write(rows, prepared, progress)
        self._take_over(fields)

    def fail_row(self, row: SpoolRow, error: Exception, **progress: Any) -> None:
        """The one row that the database refuses is written off; the others go on."""
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
            fields = self._note([row], BatchResult([failed], [issue]), progress)
        self._take_over(fields)

    def _write(
        self, rows: list[SpoolRow], prepared: Any, progress: dict[str, Any]
    ) -> dict[str, Any]:
        """What is committed of the upload's own row."""
        with transaction.atomic():
            earlier = ledger.LedgerOfPass(
                upload_id=self.upload.pk, is_dry=self.is_dry, is_exact=self.is_exact
            )
            to_apply = rows_to_apply(rows)
            if self.line is not None:
                self.line.begin_batch(rows)
            batch = Batch(
                rows=to_apply,
                prepared=prepared,
                is_dry=self.is_dry,
                earlier=earlier,
                is_preview=self.preview is not None,
                line=self.line,
            )
            result = BatchResult()
            if to_apply:
                result = self._dry(batch) if self.is_dry else self.plan.apply(batch)
                self.plan.remember(batch)
            add_asides(rows, result)
            return self._note(rows, result, progress)

    def _dry(self, batch: Batch) -> BatchResult:
        savepoint = transaction.savepoint()
        result = self.plan.apply(batch)
        if batch.is_preview:
            add_sums(self.upload, result)
        transaction.savepoint_rollback(savepoint)
        self.plan.forget()
        return result

    def _note(
        self, rows: list[SpoolRow], result: BatchResult, progress: dict[str, Any]
    ) -> dict[str, Any]:
        if self.replaces_check:
            ledger.drop_dry_rows(upload_id=self.upload.pk, up_to_row=rows[-1].number)
        ledger.record(upload_id=self.upload.pk, is_dry=self.is_dry, result=result)
        if self.expectation is not None:
            self.expectation.compare(
                is_dry=self.is_dry, first_row=rows[0].number, last_row=rows[-1].number
            )
        if self.preview is not None:
            self.preview.write(result.notes)
        if self.line is not None and not self.is_dry:
            self.line.settle(result)
        fields = {
            "checkpoint_offset": rows[-1].end_offset,
            "checkpoint_row": rows[-1].number,
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
