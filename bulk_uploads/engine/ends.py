"""The table of ends: which status, code and message an upload ends with, and its output."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bulk_uploads.differences import DiffersFromPreview, first_in_words
from bulk_uploads.models import BulkUpload, Level, Phase, Relation, Status
from bulk_uploads.processors import Issue

_COUNTS = (
    "total_rows",
    "created_rows",
    "updated_rows",
    "unchanged_rows",
    "merged_rows",
    "failed_rows",
    "not_applied_rows",
    "blank_rows",
    "warnings",
)


@dataclass(frozen=True, slots=True)
class End:
    status: Status
    code: str
    message: str


def of_last_row(upload: BulkUpload, *, changes_more: bool = False, if_unchanged: str = "") -> End:
    """Every row has an outcome, and nothing stands against the whole.

    `changes_more`: something changes that no row speaks of. `if_unchanged` is what the processor
    says where nothing does.
    """
    total, failed = upload.total_rows, upload.failed_rows
    if failed and failed + upload.merged_rows == total:
        rows = failed if failed > 1 else total
        which = "The only row could not" if total == 1 else f"None of the {_rows(rows)} could"
        text = f"{which} be taken. See the issues, correct and try again."
        return End(Status.FAILURE, "all_rows_failed", text)
    if failed:
        verb = "would fail" if upload.is_dry_run else "failed"
        text = f"{_rows(total - failed)} of {total:,} taken ({_done(upload)}); {failed:,} {verb}."
        return End(Status.SUCCESS, "completed_with_errors", text)
    if upload.unchanged_rows + upload.merged_rows == total and not changes_more:
        text = f"Nothing to change: {_rows(total)} read, and all is stored as the file has it."
        return End(Status.SUCCESS, "nothing_changed", if_unchanged or text)
    if upload.is_dry_run:
        return End(Status.SUCCESS, "completed", f"{_rows(total)} checked: {_done(upload)}.")
    return End(Status.SUCCESS, "completed", f"{_rows(total)} taken: {_done(upload)}.")


def header_rejected(issues: Sequence[Issue]) -> End:
    errors = [issue for issue in issues if issue.level is Level.ERROR]
    code = errors[0].code if len({issue.code for issue in errors}) == 1 else "wrong_header"
    return End(Status.FAILURE, code, " ".join(issue.message for issue in errors))


def rows_failed(upload: BulkUpload) -> End:
    """All or nothing was asked for, and the check found rows that fail."""
    return End(
        Status.FAILURE,
        "rows_failed",
        f"{_rows(upload.failed_rows)} of {upload.total_rows:,} cannot be taken, so nothing was "
        "written, as you asked. Correct them and upload the file again.",
    )


def apply_failed(upload: BulkUpload, *, stays: bool) -> End:
    """All or nothing was asked for, the check was clean, and applying failed all the same.

    Here and below, `stays` says whether what was applied before stays.
    """
    text = (
        f"The check was clean, but {_rows(upload.failed_rows)} failed when applied, because "
        "something else was changed in between."
    )
    return End(
        Status.FAILURE,
        "apply_failed",
        f"{text} The rows before them stay applied." if stays else text,
    )


def differs_from_preview(upload: BulkUpload, differing: DiffersFromPreview, *, stays: bool) -> End:
    """Strict was asked for, and a batch would have come out otherwise."""
    done = upload.done_rows - upload.failed_rows
    left = "Nothing was written."
    if done and stays and not _applies_nothing(upload):
        left = (
            f"Its batch was not written. {_rows(done)} applied before it stay; "
            f"{_rows(upload.total_rows - upload.done_rows)} not applied."
        )
    return End(
        Status.FAILURE,
        "differs_from_preview",
        f"Stopped, because it differs from the preview: {first_in_words(differing.rows)}. {left} "
        "Preview the file again to see what it would do now.",
    )


def cancelled(upload: BulkUpload, *, stays: bool) -> End:
    done = upload.done_rows - upload.failed_rows
    text = "Cancelled before any row was applied."
    if done and not stays:
        text = "Cancelled while rows were being applied."
    elif done and not _applies_nothing(upload):
        left = upload.total_rows - upload.done_rows
        text = f"Cancelled. {_rows(done)} already applied stay; {_rows(left)} not applied."
    return End(Status.FAILURE, "cancelled", text)


def stuck(upload: BulkUpload, *, attempts: int, stays: bool) -> End:
    if not stays:
        return End(
            Status.FAILURE,
            "stuck",
            f"No progress in {attempts} attempts while rows were being applied. Your operator's "
            "log says why; when that is mended, upload the file again.",
        )
    return End(
        Status.FAILURE,
        "stuck",
        f"No progress in {attempts} attempts {_where(upload)}. Your operator's log says why; when "
        "that is mended, upload the file again.",
    )


def taken_back(*, code: str, why: str, kept: int) -> End:
    """All or nothing was asked for: what was applied before the end is gone again."""
    text = "What was applied has been taken back: nothing of this upload stays."
    if kept:
        text = (
            f"What was applied has been taken back, but for {kept:,} to which somebody did "
            "something in between: the undo lists each with its reason."
        )
    return End(Status.FAILURE, code, f"{why} {text}")


def stuck_taking_back(*, attempts: int) -> End:
    return End(
        Status.FAILURE,
        "stuck",
        f"No progress in {attempts} attempts at taking back what was applied, so a part of it "
        "still stands. Your operator's log says why; when that is mended, undo this upload: that "
        "goes on where it stopped.",
    )


def _applies_nothing(upload: BulkUpload) -> bool:
    """Whether it has only looked at rows so far."""
    return upload.is_dry_run or upload.phase == Phase.CHECKING


def _where(upload: BulkUpload) -> str:
    if not upload.spool_path:
        return "at reading the file; no row was applied"
    left = upload.total_rows - upload.done_rows
    if not left:
        return "at finishing, after the last row was applied"
    last_done = max(upload.checkpoint_row, upload.header_row)
    if _applies_nothing(upload):
        return f"at checking what comes behind row {last_done:,}; no row was applied"
    return f"behind row {last_done:,}: from there on {_rows(left)} not applied"


def no_data_rows(upload: BulkUpload) -> End:
    if upload.relation == Relation.RETRY:
        text = "Nothing was left to retry: other uploads have taken every row in the meantime."
        return End(Status.FAILURE, "nothing_to_retry", text)
    text = "The file has a header but no data rows."
    if upload.blank_rows:
        text = f"The file has a header and {_rows(upload.blank_rows)}, all blank."
    return End(Status.FAILURE, "no_data_rows", text)


def output_of(upload: BulkUpload, end: End, added: Mapping[str, Any]) -> dict[str, Any]:
    """What `output` holds: message, code and counts, and what the processor adds."""
    output: dict[str, Any] = {"message": end.message, "code": end.code}
    output |= {name: getattr(upload, name) for name in _COUNTS}
    if upload.is_dry_run:
        output["dry_run"] = True
    return output | dict(added)


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _done(upload: BulkUpload) -> str:
    counted = (
        (upload.created_rows, "created"),
        (upload.updated_rows, "updated"),
        (upload.unchanged_rows, "unchanged"),
        (upload.merged_rows, "merged"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in counted if count) or "none applied"
