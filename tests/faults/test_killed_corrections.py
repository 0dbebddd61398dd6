"""A correction or a retry whose workers are killed closes the issues an undisturbed one closes."""

from random import Random

from bulk_uploads.corrections.retries import retry_upload
from bulk_uploads.models import BulkUpload, RowCorrection, RowOrigin
from tests.bulk_uploads.corrections.spreadsheets import corrected_csv, downloaded, sent_again
from tests.factories.catalog import VariantFactory
from tests.faults import striking
from tests.faults.striking import behind_row, while_reading
from tests.imports import catalog_of, counts, draft, import_rows, outcomes, run_to_end

HEADER = ["SKU", "Product Name", "Price", "Description"]
ROWS = [[f"FAN-{n:04}", f"Fan {n // 3}", "dear" if n % 8 else "1", "Quiet"] for n in range(900)]
BATCH_ROWS = 40
MOMENTS = [
    (while_reading, False),
    (behind_row(130), True),
    (behind_row(350), False),
    (behind_row(560), True),
]


def most_cured(cells):
    if not cells["SKU"].endswith("7"):
        cells["Price"] = "12.50"


def struck(host, upload: BulkUpload) -> BulkUpload:
    random = Random(4)
    for moment, writing in MOMENTS:
        worker = host.work(upload, batch_rows=BATCH_ROWS)
        striking.kill(worker, upload, when=moment, writing=writing, random=random)
    host.work(upload, batch_rows=BATCH_ROWS).wait()
    upload.refresh_from_db()
    assert "Traceback" not in host.log, host.log
    return upload


def settled(upload: BulkUpload) -> list[tuple[int, int]]:
    rows = RowCorrection.objects.filter(upload=upload).order_by("row")
    return list(rows.values_list("row", "corrected_row"))


def test_a_correction_survives_its_workers(host, accounts):
    calm, other = accounts
    parents = [import_rows(account, HEADER, ROWS) for account in accounts]
    undisturbed = sent_again(calm, corrected_csv(downloaded(parents[0]), most_cured))

    child = struck(host, draft(other, corrected_csv(downloaded(parents[1]), most_cured)))

    assert counts(child) == counts(undisturbed)
    assert child.failed_rows > 0
    assert outcomes(child) == outcomes(undisturbed)
    assert settled(parents[1]) == settled(parents[0])
    assert RowOrigin.objects.filter(upload=child).count() == child.total_rows
    assert catalog_of(other) == catalog_of(calm)


def test_a_retry_survives_its_workers(host, accounts):
    """All or nothing, refused for one row: its retry, as a whole, once the reason is gone."""
    parents = []
    for account in accounts:
        holder = VariantFactory.create(account=account, sku="OLD", ean="4006381333931")
        rows = [[f"FAN-{n:04}", f"Fan {n // 3}", ""] for n in range(900)]
        rows[700][2] = "4006381333931"
        header = ["SKU", "Product Name", "EAN"]
        parents.append(import_rows(account, header, rows, on_error="abort"))
        holder.delete()
        holder.product.delete()
    assert counts(parents[1]) == {"failed": 1, "not_applied": 899}
    undisturbed = run_to_end(retry_upload(upload=parents[0]))

    child = struck(host, retry_upload(upload=parents[1]))

    assert counts(child) == counts(undisturbed) == {"created": 900}
    assert settled(parents[1]) == settled(parents[0])
    assert len(settled(parents[1])) == 900
    assert catalog_of(accounts[1]) == catalog_of(accounts[0])
