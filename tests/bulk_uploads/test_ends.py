"""The table of ends, row by row: status, code, message, and counts that add up."""

import pytest

from bulk_uploads import services, tasks
from bulk_uploads.errors import NotADryRun, NotCancellable
from bulk_uploads.models import BulkUpload, Outcome, Phase, RowIssue, RowResult
from bulk_uploads.state_machine import ENDED_FOLLOW_UP
from catalog.models import Product, Variant
from jobs import clock
from jobs.models import FollowUp
from tests.factories.accounts import AccountFactory
from tests.imports import counts, csv_bytes, draft, import_bytes, import_rows, issues, run_to_end

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]
GOOD = [["A", "Fan", "1"], ["B", "Fan", "2"], ["C", "Fan", "3"]]
BAD = ["D", "Fan", "cheap"]


def end(upload):
    return upload.status, upload.output["code"], upload.output["message"]


@pytest.fixture
def account():
    return AccountFactory.create()


def assert_ended_cleanly(upload):
    """What every end leaves: counts that reconcile, no claim, no turn, one follow-up."""
    done = upload.done_rows
    assert done + upload.not_applied_rows == upload.total_rows
    for name in ("total", "created", "updated", "unchanged", "merged", "failed", "not_applied"):
        assert upload.output[f"{name}_rows"] == getattr(upload, f"{name}_rows")
    assert upload.output["blank_rows"] == upload.blank_rows
    assert upload.output["warnings"] == upload.warnings
    assert (upload.claim_token, upload.lease_expires_at, upload.run_after) == (None, None, None)
    assert upload.has_turn is False
    assert upload.started_at <= upload.ended_at
    follow_ups = FollowUp.objects.filter(kind=ENDED_FOLLOW_UP, account=upload.account)
    assert [f.payload for f in follow_ups if f.payload == {"upload_id": upload.pk}] == [
        {"upload_id": upload.pk}
    ]


def test_without_an_issue_it_is_a_success(account):
    upload = import_rows(account, HEADER, GOOD)

    assert end(upload) == ("success", "completed", "3 rows taken: 3 created.")
    assert upload.progress == 100
    assert_ended_cleanly(upload)


def test_some_rows_failed_is_a_success_that_states_the_failures(account):
    upload = import_rows(account, HEADER, [*GOOD, BAD])

    assert end(upload) == (
        "success",
        "completed_with_errors",
        "3 rows of 4 taken (3 created); 1 failed.",
    )
    assert_ended_cleanly(upload)


def test_a_file_of_one_row_that_failed_says_so_of_it(account):
    upload = import_rows(account, HEADER, [BAD])

    said = "The only row could not be taken. See the issues, correct and try again."
    assert end(upload) == ("failure", "all_rows_failed", said)


def test_every_row_failed_is_a_failure(account):
    upload = import_rows(account, HEADER, [BAD, BAD])

    assert end(upload) == (
        "failure",
        "all_rows_failed",
        "None of the 2 rows could be taken. See the issues, correct and try again.",
    )
    assert counts(upload) == {"failed": 2}
    assert_ended_cleanly(upload)


def test_nothing_changed_is_a_success_that_says_so(account):
    import_rows(account, HEADER, GOOD)

    upload = import_rows(account, HEADER, GOOD)

    assert end(upload) == (
        "success",
        "nothing_changed",
        "Nothing to change: 3 rows read, and all is stored as the file has it.",
    )
    assert_ended_cleanly(upload)


def test_abort_with_a_failed_row_is_a_failure_that_wrote_nothing(account):
    upload = import_rows(account, HEADER, [*GOOD, BAD], on_error="abort")

    assert end(upload)[:2] == ("failure", "rows_failed")
    assert counts(upload) == {"failed": 1, "not_applied": 3}
    assert not Variant.objects.exists()
    assert_ended_cleanly(upload)


def test_a_wrong_header_is_a_failure_of_rows_not_applied(account):
    upload = import_rows(account, ["Product Name"], [["Fan"], ["Lamp"]])

    assert end(upload)[:2] == ("failure", "missing_key_column")
    assert counts(upload) == {"not_applied": 2}
    assert_ended_cleanly(upload)


def test_no_data_rows_is_a_failure(account):
    upload = import_rows(account, HEADER, [])

    assert end(upload) == ("failure", "no_data_rows", "The file has a header but no data rows.")
    assert_ended_cleanly(upload)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\n\n", "no_header"),
        (b'SKU,Product Name\nA,"Fan\n', "unterminated_quote"),
        (b"\xff\xfe", "no_header"),
        (b"SKU\x00,Price\n1,2\n", "bad_header"),
    ],
)
def test_an_unreadable_file_is_a_failure_without_rows(account, content, code):
    upload = import_bytes(account, content)

    assert end(upload)[:2] == ("failure", code)
    assert counts(upload) == {}
    assert upload.total_rows == 0
    assert_ended_cleanly(upload)


def test_a_file_that_turns_out_unreadable_further_down_leaves_nothing_behind(
    account, private_files
):
    content = csv_bytes(HEADER, GOOD) + b'E,"Fan'

    upload = import_bytes(account, content)

    assert end(upload)[:2] == ("failure", "unterminated_quote")
    assert not upload.spool_path
    assert len([path for path in private_files.rglob("*") if path.is_file()]) == 1
    assert not Variant.objects.exists()


def test_cancelled_before_it_began_is_a_failure_without_a_turn(account):
    upload = draft(account, csv_bytes(HEADER, GOOD))
    services.cancel_upload(upload=upload)

    upload = run_to_end(upload)

    assert end(upload) == ("failure", "cancelled", "Cancelled before any row was applied.")
    assert upload.total_rows == 0
    assert_ended_cleanly(upload)


def test_cancelled_midway_keeps_what_was_applied_and_counts_the_rest(account, settings):
    upload = draft(account, csv_bytes(HEADER, GOOD))
    one_slice(upload, settings)
    services.cancel_upload(upload=upload)

    upload = run_to_end(upload)

    assert end(upload) == (
        "failure",
        "cancelled",
        "Cancelled. 1 row already applied stay; 2 rows not applied.",
    )
    assert counts(upload) == {"created": 1, "not_applied": 2}
    assert list(Variant.objects.values_list("sku", flat=True)) == ["A"]
    assert_ended_cleanly(upload)


def test_a_cancelled_check_counts_no_row_as_applied(account, settings):
    upload = draft(account, csv_bytes(HEADER, [*GOOD, BAD]), on_error="abort")
    one_slice(upload, settings)
    assert BulkUpload.objects.get(pk=upload.pk).phase == Phase.CHECKING
    services.cancel_upload(upload=upload)

    upload = run_to_end(upload)

    assert end(upload) == ("failure", "cancelled", "Cancelled before any row was applied.")
    assert counts(upload) == {"not_applied": 4}
    assert not Variant.objects.exists()
    assert_ended_cleanly(upload)


def test_no_progress_in_five_attempts_is_a_failure_that_names_the_rows(account, settings):
    upload = draft(account, csv_bytes(HEADER, GOOD))
    one_slice(upload, settings)
    BulkUpload.objects.filter(pk=upload.pk).update(attempts=tasks.MOST_ATTEMPTS)

    upload = run_to_end(upload)

    assert end(upload) == (
        "failure",
        "stuck",
        "No progress in 5 attempts behind row 2: from there on 2 rows not applied. Your "
        "operator's log says why; when that is mended, upload the file again.",
    )
    assert counts(upload) == {"created": 1, "not_applied": 2}
    assert_ended_cleanly(upload)


def test_stuck_while_reading_says_so(account):
    upload = draft(account, csv_bytes(HEADER, GOOD))
    BulkUpload.objects.filter(pk=upload.pk).update(attempts=tasks.MOST_ATTEMPTS)

    upload = run_to_end(upload)

    assert end(upload)[1] == "stuck"
    assert "at reading the file; no row was applied" in end(upload)[2]
    assert_ended_cleanly(upload)


def test_stuck_in_the_check_of_all_or_nothing_has_applied_nothing(account, settings):
    upload = draft(account, csv_bytes(HEADER, GOOD), on_error="abort")
    one_slice(upload, settings)
    BulkUpload.objects.filter(pk=upload.pk).update(attempts=tasks.MOST_ATTEMPTS)

    upload = run_to_end(upload)

    assert "at checking what comes behind row 2; no row was applied." in end(upload)[2]
    assert counts(upload) == {"not_applied": 3}
    assert_ended_cleanly(upload)


@pytest.mark.parametrize(
    ("rows", "code", "message"),
    [
        (GOOD, "completed", "3 rows checked: 3 created."),
        ([*GOOD, BAD], "completed_with_errors", "3 rows of 4 taken (3 created); 1 would fail."),
    ],
)
def test_a_dry_run_ends_as_the_real_run_would(account, rows, code, message):
    upload = import_rows(account, HEADER, rows, dry_run=True)

    assert end(upload) == ("success", code, message)
    assert upload.output["dry_run"] is True
    assert not Product.objects.exists()
    assert_ended_cleanly(upload)


def test_a_dry_run_of_bad_rows_fails_as_the_real_run_would(account):
    upload = import_rows(account, HEADER, [BAD], dry_run=True)

    assert end(upload)[:2] == ("failure", "all_rows_failed")
    assert upload.output["dry_run"] is True
    with pytest.raises(NotADryRun):
        services.run_dry_run(upload=upload)


def test_an_echo_hands_back_header_rows_and_count_and_writes_nothing(account):
    rows = [[f"S{number}", "Fan", "x" * 300] for number in range(7)]

    upload = import_bytes(
        account, csv_bytes(HEADER, rows), processor_name="file_content_echo_processor"
    )

    assert end(upload) == ("success", "nothing_changed", "7 rows read; nothing is written.")
    assert upload.output["header"] == HEADER
    assert upload.output["total_rows"] == 7
    assert upload.output["first_rows"] == [[sku, name, "x" * 200] for sku, name, _ in rows[:5]]
    assert counts(upload) == {"unchanged": 7}
    assert not Variant.objects.exists()
    assert_ended_cleanly(upload)


def test_an_echo_needs_no_column_in_particular_and_tells_broken_rows(account):
    upload = import_bytes(
        account, b"any,header\n1,2\n1,2,3\n", processor_name="file_content_echo_processor"
    )

    assert counts(upload) == {"unchanged": 1, "failed": 1}
    assert issues(upload) == [(3, "", "3", "ragged_row")]


def test_a_processor_that_is_gone_ends_its_uploads(account):
    upload = draft(account, csv_bytes(HEADER, GOOD))
    BulkUpload.objects.filter(pk=upload.pk).update(processor_name="gone")

    upload = run_to_end(upload)

    assert end(upload) == (
        "failure",
        "unknown_processor",
        "Bulk upload processor class is not defined",
    )
    assert counts(upload) == {"not_applied": 3}
    assert_ended_cleanly(upload)


def test_what_has_ended_is_neither_cancelled_nor_run_again(account):
    upload = import_rows(account, HEADER, GOOD)
    before = BulkUpload.objects.filter(pk=upload.pk).values().get()

    with pytest.raises(NotCancellable):
        services.cancel_upload(upload=upload)
    assert tasks.run_slice(upload.pk) is False

    assert BulkUpload.objects.filter(pk=upload.pk).values().get() == before
    assert RowResult.objects.filter(upload=upload).count() == 3


def test_the_ledger_and_the_counts_tell_the_same(account):
    import_rows(account, HEADER, GOOD)
    upload = import_rows(
        account,
        [*HEADER, "Category Path"],
        [["A", "Fan", "9", ""], ["B", "Fan", "2", ""], ["N", "Lamp", "1", ""], [*BAD, ""]],
        batch_rows=1,
    )

    told = list(RowResult.objects.filter(upload=upload).values_list("outcome", flat=True))
    assert told.count(Outcome.CREATED) == upload.created_rows == 1
    assert told.count(Outcome.UPDATED) == upload.updated_rows == 1
    assert told.count(Outcome.UNCHANGED) == upload.unchanged_rows == 1
    assert told.count(Outcome.FAILED) == upload.failed_rows == 1
    assert RowIssue.objects.filter(upload=upload, level="error").count() == 1


def one_slice(upload, settings):
    """A slice that is over after its first row; the next one is due at once."""
    settings.UPLOAD_SLICE_SECONDS = 0
    assert tasks.run_slice(upload.pk, batch_rows=1) is True
    settings.UPLOAD_SLICE_SECONDS = 60
    upload.refresh_from_db()
    assert upload.run_after <= clock.now()
