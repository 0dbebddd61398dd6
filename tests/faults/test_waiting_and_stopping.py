"""Uploads that wait for another, are told to stop, lose their bells, or cannot go on."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.files.storage import default_storage
from django_q.models import OrmQ

from bulk_uploads import services, tasks
from bulk_uploads.models import BulkUpload, Outcome, Phase, Status
from bulk_uploads.progress import describe
from bulk_uploads.state_machine import ENDED_FOLLOW_UP
from catalog.models import Product, Variant
from jobs import clock, dispatcher
from jobs.dispatcher import LOST_AFTER
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.faults import striking
from tests.faults.comparing import assert_same
from tests.faults.files import HEADER, first_file, renaming_files
from tests.faults.striking import behind_row, while_finishing, while_reading
from tests.imports import csv_bytes, draft, import_rows, run_to_end
from tests.waiting import wait_until

BATCH_ROWS = 60
ROWS = [row.cells for row in first_file(400)]


@pytest.fixture
def account(accounts):
    return accounts[1]


def checkpoint(upload: BulkUpload) -> int:
    upload.refresh_from_db()
    return upload.checkpoint_row


def attempt(upload: BulkUpload) -> BulkUpload:
    """One slice, whatever it had to wait for."""
    striking.let_wait_end(upload)
    tasks.run_slice(upload.pk)
    upload.refresh_from_db()
    return upload


def attempts_until_the_end(upload: BulkUpload) -> int:
    """Fails where there is no end to them."""
    made = 0
    while not attempt(upload).has_ended:
        made += 1
        assert made < 2 * tasks.MOST_ATTEMPTS, "attempts without end"
        assert upload.run_after is not None
        assert upload.run_after > clock.now()
    return made


def assert_written_as_counted(upload: BulkUpload) -> None:
    """The rows that the upload counts as created are in the catalog, and no others."""
    created = upload.row_results.filter(outcome=Outcome.CREATED)
    assert upload.created_rows == created.count()
    assert set(created.values_list("object_id", flat=True)) == set(
        Variant.objects.for_account(upload.account_id).values_list("id", flat=True)
    )
    assert upload.not_applied_rows == upload.total_rows - upload.done_rows


def test_an_account_imports_one_file_at_a_time_and_the_next_says_for_whom_it_waits(host, account):
    first = draft(account, csv_bytes(HEADER, ROWS))
    second = draft(account, csv_bytes(HEADER, ROWS))
    worker = host.work(first, batch_rows=BATCH_ROWS)
    striking.freeze(worker, first, when=behind_row(60), writing=False, random=Random(21))

    assert tasks.run_slice(second.pk) is False
    second.refresh_from_db()
    assert (second.status, second.attempts, second.total_rows) == (Status.DRAFT, 0, 0)
    assert describe(second).waiting_for == first
    assert second.run_after is not None
    assert second.run_after > clock.now()
    worker.thaw()
    worker.wait()
    run_follow_up(FollowUp.objects.get(kind=ENDED_FOLLOW_UP).pk)
    second = run_to_end(second)

    first.refresh_from_db()
    assert first.created_rows == second.unchanged_rows == len(ROWS)
    assert first.ended_at <= second.started_at


def test_an_upload_cancelled_while_it_waits_ends_without_its_turn(host, account):
    first = draft(account, csv_bytes(HEADER, ROWS))
    second = draft(account, csv_bytes(HEADER, ROWS))
    worker = host.work(first, batch_rows=BATCH_ROWS)
    striking.freeze(worker, first, when=behind_row(60), writing=False, random=Random(22))
    tasks.run_slice(second.pk)

    services.cancel_upload(upload=second)
    second = run_to_end(second)

    first.refresh_from_db()
    assert first.status == Status.IN_PROGRESS
    assert (second.status, second.output["code"]) == (Status.FAILURE, "cancelled")
    assert second.output["message"] == "Cancelled before any row was applied."
    assert not second.row_results.exists()


def test_an_upload_cancelled_in_the_middle_keeps_whole_batches(host, account):
    upload = draft(account, csv_bytes(HEADER, ROWS))
    worker = host.work(upload, batch_rows=BATCH_ROWS)
    wait_until(lambda: checkpoint(upload) > 200, what="some rows")

    services.cancel_upload(upload=upload)
    worker.wait()

    upload.refresh_from_db()
    assert (upload.status, upload.output["code"]) == (Status.FAILURE, "cancelled")
    assert 200 < upload.created_rows < len(ROWS)
    assert upload.created_rows % BATCH_ROWS == 0
    assert_written_as_counted(upload)


def test_an_upload_whose_worker_was_killed_can_be_cancelled(host, account):
    upload = draft(account, csv_bytes(HEADER, ROWS))
    worker = host.work(upload, batch_rows=BATCH_ROWS)
    wait_until(lambda: checkpoint(upload) > 200, what="some rows")
    worker.kill()

    services.cancel_upload(upload=upload)
    striking.let_lease_end(upload)
    ended = run_to_end(upload)

    assert ended.output["code"] == "cancelled"
    assert_written_as_counted(ended)


def test_a_queue_that_loses_every_bell_only_delays(settings, accounts):
    """The dispatcher rings again for what stays due, and what it rings for is heard here."""
    settings.UPLOAD_SLICE_SECONDS = 0
    settings.MEDIA_FETCHING = False
    calm, other = accounts
    undisturbed = import_rows(calm, HEADER, ROWS)
    upload = draft(other, csv_bytes(HEADER, ROWS))
    others_done(upload)

    slices = 0
    while not upload.has_ended:
        OrmQ.objects.all().delete()
        assert dispatcher.run_once().rung == 0, "the bell is not missed yet"
        report = dispatcher.run_once(now=clock.now() + LOST_AFTER + timedelta(seconds=1))
        assert (report.rung, OrmQ.objects.count()) == (1, 1)
        tasks.run_bulk_upload(upload.pk)
        slices += 1
        upload.refresh_from_db()

    assert slices >= 2
    assert_same(upload, undisturbed)


def others_done(upload: BulkUpload) -> None:
    """Nothing else is left to ring for."""
    FollowUp.objects.update(run_after=None)
    assert BulkUpload.objects.filter(run_after__isnull=False).get() == upload


def test_an_upload_whose_spool_has_gone_ends_as_stuck_and_names_the_rows(host, account, caplog):
    upload = draft(account, csv_bytes(HEADER, ROWS))
    worker = host.work(upload, batch_rows=BATCH_ROWS)
    wait_until(lambda: checkpoint(upload) > 200, what="some rows")
    worker.kill()
    striking.let_lease_end(upload)
    upload.refresh_from_db()
    spool = Path(default_storage.path(upload.spool_path))
    spool.rename(spool.with_suffix(".gone"))

    attempts_until_the_end(upload)

    assert upload.attempts == tasks.MOST_ATTEMPTS + 1
    assert (upload.status, upload.output["code"]) == (Status.FAILURE, "stuck")
    left = len(ROWS) - upload.created_rows
    assert f"behind row {upload.checkpoint_row}: from there on {left}" in upload.output["message"]
    assert_written_as_counted(upload)
    assert "attempt 5 failed" in caplog.text


def test_a_stuck_upload_makes_room_for_the_next(account, caplog):
    upload = draft(account, csv_bytes(HEADER, ROWS))
    Path(default_storage.path(upload.file.storage_path)).unlink()
    made = attempts_until_the_end(upload)

    after = import_rows(account, HEADER, ROWS)

    assert made == tasks.MOST_ATTEMPTS
    assert not upload.row_results.exists()
    assert upload.output["code"] == "stuck"
    assert "at reading the file; no row was applied" in upload.output["message"]
    assert after.status == Status.SUCCESS
    assert "FileNotFoundError" in caplog.text


def test_a_disturbance_that_passes_costs_nothing_but_time(accounts, caplog):
    calm, other = accounts
    undisturbed = import_rows(calm, HEADER, ROWS)
    upload = draft(other, csv_bytes(HEADER, ROWS))
    file = Path(default_storage.path(upload.file.storage_path))
    file.rename(file.with_suffix(".away"))
    for _ in range(4):
        attempt(upload)
    file.with_suffix(".away").rename(file)

    attempt(upload)

    assert_same(upload, undisturbed)
    assert upload.attempts == 0
    assert "attempt 4 failed" in caplog.text


def test_reading_that_kills_its_worker_each_time_ends_as_stuck(host, account):
    """Its signs of life are no progress: whoever comes next begins the file anew."""
    random = Random(29)
    rows = "".join(f"Lamp {number},LAMP-{number}\n" for number in range(400_000))
    upload = draft(account, f"Product Name,SKU\n{rows}".encode())

    for _ in range(5):
        worker = host.work(upload)
        striking.kill(worker, upload, when=has_shown_life, writing=False, random=random)
        BulkUpload.objects.filter(pk=upload.pk).update(total_rows=0)
    ended = attempt(upload)

    assert ended.has_ended, "reading was begun once more"
    assert (ended.phase, ended.output["code"]) == (Phase.READING, "stuck")
    assert not Product.objects.exists()


def has_shown_life(upload: BulkUpload) -> bool:
    return while_reading(upload) and upload.total_rows > 0


def test_finishing_that_fails_each_time_ends_as_stuck(host, account, caplog):
    header = ["Product Name", "SKU"]
    before, after = renaming_files(1_500)
    import_rows(account, header, before)
    upload = draft(account, csv_bytes(header, after))
    worker = host.work(upload)
    striking.kill(worker, upload, when=while_finishing, writing=False, random=Random(23))
    Path(default_storage.path(upload.spool_path)).unlink()

    attempts_until_the_end(upload)

    assert (upload.output["code"], upload.updated_rows) == ("stuck", 1_500)
    assert "at finishing, after the last row was applied" in upload.output["message"]
    assert Product.objects.filter(name__endswith=" II").count() == Product.objects.count()
