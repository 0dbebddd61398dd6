"""Several workers at one upload: one holds it, and whoever lost it writes nothing more."""

from random import Random

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from bulk_uploads.models import BulkUpload, Status
from jobs import clock
from tests.faults import striking
from tests.faults.comparing import assert_same
from tests.faults.files import HEADER, first_file, with_issues
from tests.faults.striking import behind_row, while_reading
from tests.imports import catalog_of, csv_bytes, draft, import_rows, judgement_of
from tests.waiting import wait_until

BATCH_ROWS = 60
ROWS = [row.cells for row in with_issues(first_file(600))]


@pytest.fixture
def undisturbed(accounts) -> BulkUpload:
    return import_rows(accounts[0], HEADER, ROWS)


@pytest.fixture
def upload(accounts) -> BulkUpload:
    return draft(accounts[1], csv_bytes(HEADER, ROWS))


def lease_has_ended(upload: BulkUpload) -> bool:
    upload.refresh_from_db()
    return upload.lease_expires_at is not None and upload.lease_expires_at <= clock.now()


def checkpoint(upload: BulkUpload) -> int:
    upload.refresh_from_db()
    return upload.checkpoint_row


def test_workers_that_rush_at_one_upload_do_each_row_once(host, upload, undisturbed):
    workers = [host.work(upload, batch_rows=BATCH_ROWS) for _ in range(3)]
    for worker in workers:
        worker.wait()

    upload.refresh_from_db()
    assert_same(upload, undisturbed)
    assert "Traceback" not in host.log, host.log


def test_a_frozen_worker_that_wakes_beside_its_successor_writes_nothing(host, upload, undisturbed):
    random = Random(11)
    first = host.work(upload, batch_rows=BATCH_ROWS)
    striking.freeze(first, upload, when=behind_row(300), writing=False, random=random)
    wait_until(lambda: lease_has_ended(upload), what="the end of the lease")
    frozen_at = upload.checkpoint_row

    second = host.work(upload, batch_rows=BATCH_ROWS)
    wait_until(lambda: checkpoint(upload) > frozen_at + BATCH_ROWS, what="the successor")
    first.thaw()
    second.wait()
    first.wait()

    upload.refresh_from_db()
    assert_same(upload, undisturbed)
    assert "was taken over by another worker" in host.log
    assert "Traceback" not in host.log, host.log


def test_a_frozen_worker_that_wakes_after_the_end_changes_nothing(host, upload, undisturbed):
    random = Random(12)
    first = host.work(upload, batch_rows=BATCH_ROWS)
    striking.freeze(first, upload, when=behind_row(300), writing=False, random=random)
    wait_until(lambda: lease_has_ended(upload), what="the end of the lease")

    host.work(upload, batch_rows=BATCH_ROWS).wait()
    upload.refresh_from_db()
    assert_same(upload, undisturbed)
    before = (judgement_of(upload), catalog_of(upload.account), upload.updated_at)
    first.thaw()
    first.wait()

    upload.refresh_from_db()
    assert (judgement_of(upload), catalog_of(upload.account), upload.updated_at) == before
    assert "was taken over by another worker" in host.log


def test_a_worker_overtaken_while_it_reads_leaves_no_spool_of_its_own(host, upload, undisturbed):
    random = Random(14)
    first = host.work(upload)
    striking.freeze(first, upload, when=while_reading, writing=False, random=random)
    striking.let_lease_end(upload)

    host.work(upload).wait()
    first.thaw()
    first.wait()

    upload.refresh_from_db()
    assert_same(upload, undisturbed)
    directory, spool = upload.spool_path.rsplit("/", 1)
    assert default_storage.listdir(directory)[1] == [spool]
    assert "was taken over by another worker" in host.log
    assert "Traceback" not in host.log, host.log


def test_a_worker_frozen_inside_its_transaction_loses_all_of_it(host, upload, undisturbed):
    if connection.vendor == "sqlite":
        pytest.skip("whoever writes keeps every other writer out until it goes on or dies")
    random = Random(13)
    first = host.work(upload, batch_rows=BATCH_ROWS)
    striking.freeze(first, upload, when=behind_row(300), writing=True, random=random)
    wait_until(lambda: lease_has_ended(upload), what="the end of the lease")
    token = upload.claim_token

    second = host.work(upload, batch_rows=BATCH_ROWS)
    wait_until(
        lambda: BulkUpload.objects.filter(pk=upload.pk).exclude(claim_token=token).exists(),
        what="the successor's claim",
    )
    first.thaw()
    second.wait()
    first.wait()

    upload.refresh_from_db()
    assert_same(upload, undisturbed)
    assert "Traceback" not in host.log, host.log


def test_uploads_of_two_accounts_go_side_by_side(host, accounts):
    uploads = [draft(account, csv_bytes(HEADER, ROWS)) for account in accounts]
    workers = [host.work(upload, batch_rows=BATCH_ROWS) for upload in uploads]

    wait_until(lambda: BulkUpload.objects.in_progress().count() == 2, what="both in progress")
    for worker in workers:
        worker.wait()

    one, other = uploads
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.status == Status.SUCCESS
    assert_same(one, other)
    assert "Traceback" not in host.log, host.log
