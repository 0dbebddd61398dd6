"""A worker killed at any instant: what another one makes of it is what an undisturbed one makes."""

from random import Random

import pytest

from accounts.models import Account
from bulk_uploads.models import BulkUpload, Outcome, Phase, Status
from bulk_uploads.preview_notes import SAMPLE_ROWS
from bulk_uploads.previews import notes_of
from catalog.models import FullFeed
from tests.faults import striking
from tests.faults.comparing import assert_same
from tests.faults.files import (
    HEADER,
    changed_file,
    first_file,
    renaming_files,
    with_issues,
)
from tests.faults.striking import Moment, behind_row, while_finishing, while_reading
from tests.faults.workers import WorkerHost
from tests.imports import catalog_of, csv_bytes, draft, import_rows, run_to_end

PRODUCTS = 400
BATCH_ROWS = 40
#: Rows at which workers are killed. Each is far enough behind the last for progress in between.
ROWS = (120, 300, 480, 650, 830, 1000)


def cells(rows):
    return [row.cells for row in rows]


FIRST = cells(first_file(PRODUCTS))
FIRST_WITH_ISSUES = cells(with_issues(first_file(PRODUCTS)))
CHANGED = cells(changed_file(PRODUCTS))
CHANGED_WITH_ISSUES = cells(with_issues(changed_file(PRODUCTS)))


def applying(random: Random, *, phase: Phase = Phase.APPLYING) -> list[tuple[Moment, bool]]:
    """Moments behind each of the rows: in the middle of a transaction, and between two."""
    return [
        (behind_row(row + random.randrange(60), phase=phase), place % 3 != 2)
        for place, row in enumerate(ROWS)
    ]


def struck(
    host: WorkerHost, account: Account, rows, moments: list[tuple[Moment, bool]], random, **options
) -> BulkUpload:
    """The rows imported by one worker after the other, each but the last killed at its moment."""
    upload = draft(account, csv_bytes(HEADER, rows), **options)
    for moment, writing in moments:
        worker = host.work(upload, batch_rows=BATCH_ROWS)
        striking.kill(worker, upload, when=moment, writing=writing, random=random)
    host.work(upload, batch_rows=BATCH_ROWS).wait()
    upload.refresh_from_db()
    assert "Traceback" not in host.log, host.log
    return upload


@pytest.fixture
def filled_accounts(accounts) -> tuple[Account, Account]:
    for account in accounts:
        upload = import_rows(account, HEADER, FIRST)
        assert (upload.status, upload.created_rows) == (Status.SUCCESS, len(FIRST))
    return accounts


def test_a_first_import_survives_its_workers(host, accounts):
    random = Random(1)
    calm, other = accounts
    undisturbed = import_rows(calm, HEADER, FIRST_WITH_ISSUES)

    upload = struck(
        host, other, FIRST_WITH_ISSUES, [(while_reading, False), *applying(random)], random
    )

    assert_same(upload, undisturbed)
    assert upload.output["code"] == "completed_with_errors"
    assert upload.created_rows + upload.failed_rows == upload.total_rows
    assert upload.row_results.exclude(outcome=Outcome.FAILED).count() == upload.created_rows


def test_an_import_that_renames_moves_and_empties_products_survives_its_workers(
    host, filled_accounts
):
    random = Random(2)
    calm, other = filled_accounts
    ids = set(other.products.values_list("id", flat=True))
    undisturbed = import_rows(calm, HEADER, CHANGED_WITH_ISSUES)

    upload = struck(
        host,
        other,
        CHANGED_WITH_ISSUES,
        applying(random),
        random,
    )

    assert_same(upload, undisturbed)
    assert other.products.filter(pk__in=ids, name__endswith=" II").count() > 150
    assert min(upload.created_rows, upload.updated_rows, upload.unchanged_rows) > 100
    assert upload.warnings > 10


def test_finishing_survives_its_workers(host, accounts):
    """Renamed products are settled in steps behind the last row, some hundred products each."""
    random = Random(6)
    header = ["Product Name", "SKU"]
    before, after = renaming_files(2_500)
    for account in accounts:
        import_rows(account, header, before)
    calm, other = accounts
    ids = set(other.products.values_list("id", flat=True))
    undisturbed = import_rows(calm, header, after)

    upload = draft(other, csv_bytes(header, after))
    for writing in (False, True, False):
        worker = host.work(upload)
        striking.kill(worker, upload, when=while_finishing, writing=writing, random=random)
    host.work(upload).wait()

    upload.refresh_from_db()
    assert_same(upload, undisturbed)
    assert set(other.products.values_list("id", flat=True)) == ids
    assert "Traceback" not in host.log, host.log


def test_a_dry_run_survives_its_workers_and_writes_nothing(host, filled_accounts):
    random = Random(3)
    calm, other = filled_accounts
    undisturbed = import_rows(calm, HEADER, CHANGED_WITH_ISSUES, dry_run=True)
    before = catalog_of(other)

    upload = struck(
        host,
        other,
        CHANGED_WITH_ISSUES,
        [(while_reading, False), *applying(random)],
        random,
        dry_run=True,
    )

    assert_same(upload, undisturbed)
    assert catalog_of(other) == before
    assert len(notes_of(upload).sample) == SAMPLE_ROWS


def test_deactivating_what_a_feed_does_not_name_survives_its_workers(host, accounts):
    """Variants are counted, and then deactivated, in steps behind the last row."""
    random = Random(7)
    header = ["Product Name", "SKU"]
    rows, _ = renaming_files(4_000)
    for account in accounts:
        import_rows(account, header, rows)
    calm, other = accounts
    options = {"absent": "deactivate", "absent_share": 60}
    undisturbed = import_rows(calm, header, rows[::2], **options)

    upload = draft(other, csv_bytes(header, rows[::2]), **options)
    for when, writing in ((counting, False), (counting, True), (deactivating, False)):
        worker = host.work(upload)
        striking.kill(worker, upload, when=when, writing=writing, random=random)
    host.work(upload).wait()

    upload.refresh_from_db()
    assert_same(upload, undisturbed)
    assert upload.output["deactivated"] == 2_000
    assert other.variants.filter(active=False).count() == 2_000
    assert "Traceback" not in host.log, host.log


def counting(upload: BulkUpload) -> bool:
    return FullFeed.objects.filter(upload=upload, is_counted=False).exists()


def deactivating(upload: BulkUpload) -> bool:
    return FullFeed.objects.filter(upload=upload, deactivated__gt=0, is_done=False).exists()


def test_all_or_nothing_survives_its_workers_in_both_passes(host, filled_accounts):
    random = Random(4)
    calm, other = filled_accounts
    undisturbed = import_rows(calm, HEADER, CHANGED, on_error="abort")

    upload = struck(
        host,
        other,
        CHANGED,
        [*applying(random, phase=Phase.CHECKING)[::2], *applying(random)[1::2]],
        random,
        on_error="abort",
    )

    assert_same(upload, undisturbed)
    assert (upload.output["code"], upload.failed_rows) == ("completed", 0)


def test_all_or_nothing_writes_nothing_if_a_row_fails_whoever_dies(host, filled_accounts):
    random = Random(5)
    calm, other = filled_accounts
    undisturbed = import_rows(calm, HEADER, CHANGED_WITH_ISSUES, on_error="abort")
    before = catalog_of(other)

    upload = struck(
        host,
        other,
        CHANGED_WITH_ISSUES,
        applying(random, phase=Phase.CHECKING)[::2],
        random,
        on_error="abort",
    )

    assert_same(upload, undisturbed)
    assert (upload.status, upload.output["code"]) == (Status.FAILURE, "rows_failed")
    assert catalog_of(other) == before


def test_a_worker_killed_before_it_began_leaves_a_draft_that_the_next_one_takes(host, accounts):
    upload = draft(accounts[0], csv_bytes(HEADER, FIRST[:60]))
    worker = host.work(upload)
    worker.kill()
    striking.let_lease_end(upload)

    ended = run_to_end(upload)

    assert (ended.status, ended.created_rows) == (Status.SUCCESS, 60)
