"""Worker cluster and dispatcher as they are run, killed whole in the middle of an import."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from bulk_uploads.models import BulkUpload, Outcome, Status
from catalog.models import Change, MediaLink, Product, Variant
from tests.factories.accounts import AccountFactory
from tests.faults.files import HEADER, VARIANTS, first_file
from tests.imports import csv_bytes, draft
from tests.processes import process_environment, running
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [row.cells for row in first_file(7_000)]


@contextmanager
def the_stack(log: Path) -> Iterator[None]:
    """Whatever still runs at the end of the block is killed, workers and all."""
    environment = process_environment(
        Q_CLUSTER_NAME="imports", UPLOAD_LEASE_SECONDS="2", LOG_LEVEL="WARNING"
    )
    with (
        running("manage.py", "qcluster", environment=environment, log=log),
        running("manage.py", "dispatcher", environment=environment, log=log),
    ):
        yield


def rows_done(upload: BulkUpload) -> int:
    upload.refresh_from_db()
    return upload.done_rows


def test_a_stack_killed_twice_in_mid_import_ends_it_without_a_manual_step(tmp_path):
    log = tmp_path / "log"
    upload = draft(AccountFactory.create(), csv_bytes(HEADER, ROWS))

    for rows in (2_000, 9_000):
        with the_stack(log):
            wait_until(lambda rows=rows: rows_done(upload) > rows, seconds=60, what="rows")
        assert rows_done(upload) < len(ROWS), "the import was over before the stack was killed"
    with the_stack(log):
        wait_until(lambda: rows_done(upload) and upload.has_ended, seconds=60, what="the end")

    assert (upload.status, upload.output["code"]) == (Status.SUCCESS, "completed")
    assert upload.created_rows == upload.total_rows == len(ROWS)
    results = upload.row_results.filter(outcome=Outcome.CREATED, is_dry=False)
    assert list(results.order_by("row").values_list("row", "key")) == [
        (number, cells[1]) for number, cells in enumerate(ROWS, start=2)
    ]
    stored = Variant.objects.order_by("id").values_list("sku", "price", "product__name", "ean")
    assert list(stored) == [(cells[1], Decimal(cells[4]), cells[0], cells[2]) for cells in ROWS]
    assert Product.objects.count() == len(ROWS) // VARIANTS
    assert MediaLink.objects.count() == 3 * len(ROWS)
    assert not Change.objects.exists()
    assert "Traceback" not in log.read_text(), log.read_text()
