"""Slices, turns and fencing: whoever goes on with an upload goes on exactly where it stopped."""

import uuid

import pytest

from bulk_uploads import services, tasks
from bulk_uploads.models import BulkUpload, RowResult
from bulk_uploads.progress import describe
from catalog.models import Variant
from jobs import clock
from jobs.models import FollowUp
from tests.factories.accounts import AccountFactory
from tests.imports import (
    catalog_of,
    counts,
    csv_bytes,
    draft,
    import_rows,
    interrupted,
    judgement_of,
    outcomes,
    run_to_end,
)

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "EAN", "Product Name", "Category Path", "Price"]
ROWS = [
    ["A", "4006381333931", "Fan", "Home", "1"],
    ["B", "4006381333931", "Fan", "Garden", "2"],
    ["C", "", "Fan", "Garden", "cheap"],
    ["D", "", "Lamp", "Hall", "4"],
    ["A", "", "Lamp", "Hall", "5"],
    ["E", "96385074", "Lamp", "Home", "6"],
]


@pytest.fixture
def account():
    return AccountFactory.create()


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"on_error": "abort"}])
@pytest.mark.parametrize("batch_rows", [1, 2])
def test_an_upload_in_slices_of_one_batch_is_the_same_as_one_in_a_single_slice(
    account, settings, options, batch_rows
):
    whole = AccountFactory.create()
    reference = import_rows(whole, HEADER, ROWS, **options)
    upload = draft(account, csv_bytes(HEADER, ROWS), **options)
    settings.UPLOAD_SLICE_SECONDS = 0
    slices = 1
    while tasks.run_slice(upload.pk, batch_rows=batch_rows):
        slices += 1

    upload = run_to_end(upload)

    assert slices >= len(ROWS) / batch_rows
    assert judgement_of(upload) == judgement_of(reference)
    assert catalog_of(account) == catalog_of(whole)


def test_a_worker_whose_upload_was_taken_over_cannot_commit(account):
    upload = draft(account, csv_bytes(HEADER, ROWS))

    def take_over_at_the_second(batch: int) -> None:
        if batch == 2:
            BulkUpload.objects.filter(pk=upload.pk).update(claim_token=uuid.uuid4())

    with interrupted(take_over_at_the_second):
        assert tasks.run_slice(upload.pk, batch_rows=1) is False

    upload.refresh_from_db()
    assert (upload.status, upload.checkpoint_row, upload.done_rows) == ("in_progress", 2, 1)
    assert list(Variant.objects.values_list("sku", flat=True)) == ["A"]
    assert list(RowResult.objects.values_list("row", flat=True)) == [2]


def test_a_cancellation_stops_the_upload_between_two_batches(account):
    upload = draft(account, csv_bytes(HEADER, ROWS))

    def cancel_at_the_fourth(batch: int) -> None:
        if batch == 4:
            services.cancel_upload(upload=upload)

    with interrupted(cancel_at_the_fourth):
        upload = run_to_end(upload, batch_rows=1)

    assert upload.output["code"] == "cancelled"
    assert counts(upload) == {"created": 2, "failed": 2, "not_applied": 2}
    assert outcomes(upload) == {2: "created", 3: "failed", 4: "failed", 5: "created"}


def test_an_upload_in_progress_is_not_worked_on_twice(account):
    upload = draft(account, csv_bytes(HEADER, ROWS))
    tried: list[bool] = []

    with interrupted(lambda batch: tried.append(tasks.run_slice(upload.pk))):
        upload = run_to_end(upload)

    assert tried == [False]
    assert counts(upload) == {"created": 3, "failed": 3}


def test_the_second_upload_of_an_account_waits_and_says_for_which(account):
    first = draft(account, csv_bytes(HEADER, ROWS))
    second = draft(account, csv_bytes(HEADER, ROWS))
    waiting: list[BulkUpload | None] = []

    def run_the_second(batch):
        if batch > 1:
            return
        before = clock.now()
        assert tasks.run_slice(second.pk) is False
        second.refresh_from_db()
        assert second.run_after > before
        waiting.append(describe(second).waiting_for)

    with interrupted(run_the_second):
        first = run_to_end(first)

    assert waiting == [first]
    assert (second.status, second.attempts, second.claim_token) == ("draft", 0, None)
    follow_up = FollowUp.objects.get(payload={"upload_id": first.pk})
    tasks.wake_next_upload(follow_up)
    assert counts(run_to_end(second)) == {"unchanged": 3, "failed": 3}


def test_uploads_of_two_accounts_do_not_wait_for_each_other(account):
    other = AccountFactory.create()
    second = draft(other, csv_bytes(HEADER, ROWS))
    ended: list[BulkUpload] = []

    def run_the_second(batch):
        if not ended:
            ended.append(second)
            run_to_end(second)

    with interrupted(run_the_second):
        import_rows(account, HEADER, ROWS)

    assert catalog_of(account) == catalog_of(other)


def test_progress_is_told_by_the_spool_and_ends_at_100(account):
    told: list[tuple[int | None, int, str]] = []
    upload = draft(account, csv_bytes(HEADER, [[f"S{n}", "", "Fan", "", ""] for n in range(100)]))

    def look(batch):
        progress = describe(BulkUpload.objects.get(pk=upload.pk))
        told.append((progress.percent, progress.done_rows, progress.phase))

    with interrupted(look):
        upload = run_to_end(upload, batch_rows=25)

    assert [rows for _, rows, _ in told] == [0, 25, 50, 75]
    assert {phase for _, _, phase in told} == {"Applying rows"}
    shares = [percent for percent, _, _ in told]
    assert all(abs(share - done) <= 2 for share, done in zip(shares, (0, 25, 50, 75), strict=True))
    assert (describe(upload).percent, describe(upload).phase) == (100, "Success")
    assert upload.extradata["rows_per_second"] > 0


def test_a_check_and_its_apply_pass_are_half_of_the_progress_each(account):
    told: list[tuple[int, str]] = []
    rows = [[f"S{n}", "", "Fan", "", ""] for n in range(100)]
    upload = draft(account, csv_bytes(HEADER, rows), on_error="abort")

    def look(batch):
        progress = describe(BulkUpload.objects.get(pk=upload.pk))
        told.append((progress.percent // 10 * 10, progress.phase))

    with interrupted(look):
        run_to_end(upload, batch_rows=50)

    assert [phase for _, phase in told] == ["Checking every row"] * 2 + ["Applying rows"] * 2
    assert [share for share, _ in told] == [0, 20, 50, 70]
