"""Workers killed over stock that is adjusted, and over a courier's list that is replaced."""

from random import Random
from typing import Any

import pytest

from accounts.models import Account
from bulk_uploads.models import BulkUpload, Phase
from catalog.stock.processor import STOCK_PROCESSOR
from delivery.importing.processor import BLUEDART_PROCESSOR
from tests.catalog.stock.stocking import levels_of, movements_of, stock_of, stock_rows, variants
from tests.delivery.courier_lists import SHORT, changes_of, pincode_rows, pincodes_of, short
from tests.faults import striking
from tests.faults.striking import Moment, behind_row, while_finishing
from tests.faults.workers import WorkerHost
from tests.imports import csv_bytes, draft, judgement_of

LONG = ["SKU", "Location", "Quantity"]
SKUS = [f"S{number}" for number in range(300)]
BATCH_ROWS = 20
MOMENTS: list[tuple[Moment, bool]] = [
    (behind_row(row, phase=Phase.APPLYING), writing)
    for row, writing in ((60, True), (180, False), (300, True), (420, True))
]


def struck(
    host: WorkerHost,
    upload: BulkUpload,
    moments: list[tuple[Moment, bool]],
    *,
    batch_rows: int = BATCH_ROWS,
) -> BulkUpload:
    """The upload by one worker after the other, each but the last killed at its moment."""
    random = Random(7)
    for moment, writing in moments:
        worker = host.work(upload, batch_rows=batch_rows)
        striking.kill(worker, upload, when=moment, writing=writing, random=random)
    host.work(upload, batch_rows=batch_rows).wait()
    upload.refresh_from_db()
    assert "Traceback" not in host.log, host.log
    return upload


@pytest.fixture
def stocked(accounts) -> tuple[Account, Account]:
    for account in accounts:
        variants(account, *SKUS)
        stock_rows(account, LONG, [[sku, "Delhi", "100"] for sku in SKUS[:200]])
    return accounts


def adjustments() -> list[list[str]]:
    """600 rows at two locations, one of them new; some of them fail."""
    rows = []
    for number, sku in enumerate(SKUS):
        rows.append([sku, "Delhi", "x" if number % 31 == 7 else f"-{number % 9}.5"])
        rows.append([sku if number % 43 else "missing", "New shop", f"{number % 5}"])
    return rows


@pytest.mark.parametrize("options", [{}, {"on_error": "skip_rows", "dry_run": True}])
def test_adjustments_are_made_exactly_once_however_often_workers_die(
    host, stocked, options: dict[str, Any]
):
    calm, other = stocked
    undisturbed = stock_rows(
        calm, LONG, adjustments(), batch_rows=BATCH_ROWS, mode="adjust", **options
    )
    upload = draft(
        other,
        csv_bytes(LONG, adjustments()),
        processor_name=STOCK_PROCESSOR,
        mode="adjust",
        **options,
    )

    struck(host, upload, MOMENTS)

    assert judgement_of(upload) == judgement_of(undisturbed)
    assert stock_of(other) == stock_of(calm)
    if not options:
        assert upload.updated_rows > 150
        adjusted = [row for row in movements_of(other) if row[2] == "adjusted"]
        assert len(adjusted) == upload.created_rows + upload.updated_rows
        assert levels_of(other)[("S1", "Delhi")] == "98.5"


def test_a_list_is_replaced_exactly_once_however_often_workers_die(host, accounts):
    before = [short(str(411_000 + number)) for number in range(3_000)]
    after = [short(str(411_000 + number), cod="N") for number in range(0, 500)]
    for account in accounts:
        pincode_rows(account, SHORT, before)
    calm, other = accounts
    undisturbed = pincode_rows(calm, SHORT, after, batch_rows=BATCH_ROWS, replace=True)
    upload = draft(other, csv_bytes(SHORT, after), processor_name=BLUEDART_PROCESSOR, replace=True)
    moments = [*MOMENTS[:2], (while_finishing, False), (while_finishing, True)]

    struck(host, upload, moments)

    assert judgement_of(upload) == judgement_of(undisturbed)
    assert upload.output["unlisted_pincodes"] == 2_500
    assert pincodes_of(other) == pincodes_of(calm)
    assert changes_of(other) == changes_of(calm)
