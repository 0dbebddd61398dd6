"""Progress is told in words and numbers that hold."""

import pytest

from bulk_uploads.models import Phase, Status
from bulk_uploads.progress import describe
from jobs import clock
from tests.factories.bulk_uploads import BulkUploadFactory

pytestmark = pytest.mark.django_db


def test_the_time_left_follows_from_the_rows_left_and_the_rate():
    upload = BulkUploadFactory.create(
        applying=True, total_rows=1_000, created_rows=300, failed_rows=100, rows_per_second=200.0
    )

    told = describe(upload)

    assert (told.percent, told.phase) == (40, "Applying rows")
    assert (told.done_rows, told.total_rows) == (400, 1_000)
    assert (told.rows_per_second, told.seconds_left) == (200.0, 3)


def test_a_check_has_the_apply_pass_still_before_it():
    upload = BulkUploadFactory.create(
        applying=True,
        phase=Phase.CHECKING,
        options={"on_error": "abort"},
        total_rows=1_000,
        created_rows=500,
        rows_per_second=100.0,
    )

    assert (describe(upload).phase, describe(upload).seconds_left) == ("Checking every row", 15)


@pytest.mark.parametrize(
    "given",
    [
        {"phase": Phase.READING, "rows_per_second": None},
        {"phase": Phase.READING, "rows_per_second": 100.0},
        {"phase": Phase.FINISHING, "rows_per_second": 100.0},
        {"phase": Phase.APPLYING, "rows_per_second": None},
        {"phase": Phase.APPLYING, "rows_per_second": 0.0},
    ],
)
def test_where_the_time_left_cannot_be_told_it_is_not(given):
    upload = BulkUploadFactory.create(applying=True, total_rows=1_000, **given)

    assert describe(upload).seconds_left is None


def test_there_is_always_a_second_left_until_the_end():
    upload = BulkUploadFactory.create(
        applying=True, total_rows=100, created_rows=99, rows_per_second=9_000.0
    )

    assert describe(upload).seconds_left == 1


def test_a_dry_run_checks_and_does_not_apply():
    upload = BulkUploadFactory.create(applying=True, options={"dry_run": True})

    assert describe(upload).phase == "Checking every row"


def test_one_that_is_asked_to_stop_says_so():
    upload = BulkUploadFactory.create(applying=True, cancel_requested_at=clock.now())

    assert describe(upload).phase == "Stopping after the current batch"


@pytest.mark.parametrize(
    ("trait", "percent", "phase"), [("succeeded", 100, "Success"), ("failed", None, "Failure")]
)
def test_one_that_has_ended_has_no_time_left(trait, percent, phase):
    told = describe(BulkUploadFactory.create(**{trait: True}))

    assert (told.percent, told.phase, told.seconds_left) == (percent, phase, None)


def test_a_draft_waits_for_the_upload_of_its_account_that_is_in_progress():
    running = BulkUploadFactory.create(applying=True, has_turn=True)
    waiting = BulkUploadFactory.create(account=running.account)
    alone = BulkUploadFactory.create()

    assert describe(waiting).waiting_for == running
    assert (describe(waiting).phase, describe(waiting).percent) == (Status.DRAFT.label, None)
    assert describe(alone).waiting_for is None
    assert describe(running).waiting_for is None
