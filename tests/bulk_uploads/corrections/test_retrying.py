"""A retry: a child upload of the rows that failed or were not applied, with the same numbers."""

import pytest
from django.db import connection

from bulk_uploads import services
from bulk_uploads.corrections.retries import can_retry, retry_upload
from bulk_uploads.corrections.settled import count_rows_left, resolution
from bulk_uploads.errors import NotEnded, NothingToRetry, RetryRunning
from bulk_uploads.models import BulkUpload, RowIssue
from bulk_uploads.tasks import run_slice
from catalog.models import Variant
from catalog.stock.processor import STOCK_PROCESSOR
from delivery.importing.processor import BLUEDART_PROCESSOR
from imagery.batches.options import IMAGE_BATCH_PROCESSOR
from imagery.models import ImageJob
from tests.bulk_uploads.corrections.spreadsheets import (
    corrected_csv,
    downloaded,
    sent_again,
    workbook_of,
)
from tests.catalog.stock.stocking import levels_of, stock_of
from tests.delivery.courier_lists import pincodes_of
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import VariantFactory
from tests.imports import (
    CATALOG,
    catalog_of,
    counts,
    csv_bytes,
    draft,
    import_rows,
    interrupted,
    issues,
    messages,
    outcomes,
    run_to_end,
)

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]


@pytest.fixture
def account():
    return AccountFactory.create()


def rows(count):
    return [[f"FAN-{n}", f"Fan {n}", f"{n}"] for n in range(count)]


def cancelled(account, *, after_batches, batch_rows=2, count=10, **options):
    """An upload that somebody stops while its batches are applied."""
    upload = draft(account, csv_bytes(HEADER, rows(count)), **options)

    def stop(batch):
        if batch == after_batches:
            services.cancel_upload(upload=upload)

    with interrupted(stop):
        run_to_end(upload, batch_rows=batch_rows)
    return BulkUpload.objects.with_file().get(pk=upload.pk)


def resolved(upload):
    found = RowIssue.objects.filter(upload=upload).annotate(by=resolution(upload))
    return dict(found.order_by("row").values_list("row", "by"))


def test_a_cancelled_upload_is_taken_up_where_it_stopped(account):
    control = AccountFactory.create()
    import_rows(control, HEADER, rows(10))
    upload = cancelled(account, after_batches=2)
    assert counts(upload) == {"created": 4, "not_applied": 6}

    child = run_to_end(retry_upload(upload=upload))

    assert counts(child) == {"created": 6}
    assert sorted(outcomes(child)) == [6, 7, 8, 9, 10, 11]
    assert (child.parent_id, child.relation, child.file_id) == (upload.pk, "retry", upload.file_id)
    assert catalog_of(account)["products"][0][:5] == catalog_of(control)["products"][0][:5]
    assert Variant.objects.filter(account=account).count() == 10
    upload = BulkUpload.objects.get(pk=upload.pk)
    assert (upload.status, counts(upload)) == ("failure", {"created": 4, "not_applied": 6})
    assert count_rows_left(upload) == 0
    with pytest.raises(NothingToRetry):
        retry_upload(upload=upload)


def test_a_row_whose_cause_has_gone_passes_and_closes_its_issue(account):
    taken = VariantFactory.create(account=account, sku="OLD", ean="4006381333931")
    upload = import_rows(
        account,
        ["SKU", "Product Name", "EAN", "Price"],
        [["A", "Fan", "4006381333931", "1"], ["B", "Fan", "", "dear"], ["C", "Fan", "", "3"]],
    )
    assert outcomes(upload) == {2: "failed", 3: "failed", 4: "created"}
    taken.delete()

    child = run_to_end(retry_upload(upload=upload))

    assert outcomes(child) == {2: "created", 3: "failed"}
    assert resolved(upload) == {2: child.pk, 3: None}
    again = run_to_end(retry_upload(upload=upload))
    assert outcomes(again) == {3: "failed"}
    assert issues(again) == [(3, "Price", "dear", "invalid_number")]
    deeper = run_to_end(retry_upload(upload=again))
    assert (outcomes(deeper), deeper.root_id) == ({3: "failed"}, upload.pk)


#: Header, the two rows of one key, options, and the issue's column and value.
DUPLICATES = {
    CATALOG: (HEADER, [["A", "Fan", "1"], ["A", "Fan", "2"]], {}, ("SKU", "A")),
    STOCK_PROCESSOR: (
        ["SKU", "Quantity"],
        [["OLD", "5"], ["OLD", "7"]],
        {"mode": "adjust"},
        ("SKU", "OLD"),
    ),
    BLUEDART_PROCESSOR: (
        ["pincode", "city", "mode"],
        [["411001", "PUNE", "air"], ["411001", "POONA", "air"]],
        {},
        ("pincode", "411001"),
    ),
    IMAGE_BATCH_PROCESSOR: (["sku", "title"], [["A", "Mug"], ["A", "Cup"]], {}, ("sku", "A")),
}


@pytest.fixture(params=sorted(DUPLICATES))
def with_a_duplicate(request, account):
    """An upload whose second row was refused, the issue, and what it has left."""
    VariantFactory.create(account=account, sku="OLD")
    header, cells, options, (column, value) = DUPLICATES[request.param]
    upload = import_rows(account, header, cells, processor_name=request.param, **options)
    assert issues(upload)[-1] == (3, column, value, "repeated_key")
    return upload, (column, value, "repeated_key"), everything_of(account)


def everything_of(account):
    jobs = ImageJob.objects.filter(account=account).values_list("sku", "upload")
    return catalog_of(account), stock_of(account), pincodes_of(account), sorted(jobs)


def test_a_duplicate_that_was_refused_is_not_applied_the_second_time(account, with_a_duplicate):
    upload, issue, before = with_a_duplicate

    child = run_to_end(retry_upload(upload=upload))

    assert outcomes(child) == {3: "failed"}
    assert issues(child) == [(3, *issue)]
    assert messages(child)[0].startswith(f"Row 2 of upload {upload.pk}, which this one goes on")
    assert everything_of(account) == before


def test_nor_is_it_where_it_comes_back_in_a_correction_file(account, with_a_duplicate):
    upload, issue, before = with_a_duplicate

    child = sent_again(account, downloaded(upload))

    assert outcomes(child) == {2: "failed"}
    assert issues(child) == [(2, *issue)]
    assert everything_of(account) == before


def test_what_a_child_has_taken_may_be_sent_again_by_its_own_row(account):
    VariantFactory.create(account=account, sku="OLD")
    upload = import_rows(
        account, ["SKU", "Quantity"], [["OLD", "many"]], processor_name=STOCK_PROCESSOR
    )
    content = downloaded(upload)
    for quantity in ("5", "7"):
        child = sent_again(
            account, corrected_csv(content, lambda cells, to=quantity: cells.update(Quantity=to))
        )
        assert child.failed_rows == 0

    assert levels_of(account) == {("OLD", "Default"): "7"}


def test_the_retry_of_a_correction_settles_rows_of_the_first_file(account):
    upload = import_rows(
        account, ["SKU", "Product Name", "EAN"], [["A", "Fan", ""], ["B", "F", "1"]]
    )
    taken = VariantFactory.create(account=account, sku="OLD", ean="4006381333931")
    correction = sent_again(
        account,
        corrected_csv(downloaded(upload), lambda cells: cells.update(EAN="4006381333931")),
    )
    assert (outcomes(upload), outcomes(correction)) == ({2: "created", 3: "failed"}, {2: "failed"})
    taken.delete()

    child = run_to_end(retry_upload(upload=correction))

    assert outcomes(child) == {2: "created"}
    assert child.root_id == upload.pk
    assert resolved(correction) == {2: child.pk}
    assert resolved(upload) == {3: child.pk}
    assert not can_retry(upload)
    assert not can_retry(correction)


def test_an_upload_cancelled_before_it_was_read_is_read_by_its_retry(account):
    upload = draft(account, csv_bytes(HEADER, rows(3)))
    services.cancel_upload(upload=upload)
    upload = run_to_end(upload)
    assert (upload.output["code"], upload.spool_path) == ("cancelled", "")

    child = run_to_end(retry_upload(upload=upload))

    assert counts(child) == {"created": 3}
    assert child.relation == "retry"


def test_the_retry_of_a_workbook_that_was_not_read_reads_the_sheet_that_was_named(account):
    content = workbook_of({"Notes": [["SKU"], ["NOTE"]], "Prices": [HEADER, *rows(2)]})
    upload = draft(account, content, sheet="Prices", absent="deactivate")
    services.cancel_upload(upload=upload)
    upload = run_to_end(upload)

    child = run_to_end(retry_upload(upload=upload))

    assert child.options == {"sheet": "Prices"}
    assert counts(child) == {"created": 2}
    assert child.extradata["sheet"] == "Prices"


def test_all_or_nothing_is_taken_again_as_a_whole(account):
    taken = VariantFactory.create(account=account, sku="OLD", ean="4006381333931")
    cells = [["A", "Fan", "4006381333931"], ["B", "Fan", ""]]
    upload = import_rows(account, ["SKU", "Product Name", "EAN"], cells, on_error="abort")
    assert counts(upload) == {"failed": 1, "not_applied": 1}
    taken.delete()

    child = run_to_end(retry_upload(upload=upload))

    assert child.options == {"on_error": "abort"}
    assert counts(child) == {"created": 2}
    assert resolved(upload) == {2: child.pk}
    assert count_rows_left(upload) == 0


def test_while_it_runs_no_other_is_started(account):
    upload = cancelled(account, after_batches=1)
    child = retry_upload(upload=upload)

    with pytest.raises(RetryRunning):
        retry_upload(upload=upload)

    assert BulkUpload.objects.filter(parent=upload).get() == child
    run_to_end(child)


def test_what_cannot_be_retried_is_refused_with_the_reason(account):
    running = draft(account, csv_bytes(HEADER, rows(2)))
    with pytest.raises(NotEnded):
        retry_upload(upload=running)
    assert counts(run_to_end(running)) == {"created": 2}
    dry = import_rows(account, HEADER, [["A", "Fan", "dear"]], dry_run=True)
    headless = import_rows(account, ["Colour"], [["red"]])
    for upload in (BulkUpload.objects.get(pk=running.pk), dry, headless):
        with pytest.raises(NothingToRetry):
            retry_upload(upload=upload)
    assert not BulkUpload.objects.exclude(parent=None).exists()


@pytest.mark.parametrize("batch_rows", [1, 3, 2000])
def test_batches_of_any_size_leave_the_same(account, batch_rows):
    upload = cancelled(account, after_batches=3, count=12)

    child = run_to_end(retry_upload(upload=upload), batch_rows=batch_rows)

    assert counts(child) == {"created": 6}
    assert list(child.corrected_rows.order_by("row").values_list("row", "corrected_row")) == [
        (number, number) for number in range(8, 14)
    ]


def test_a_batch_of_a_child_costs_a_fixed_number_of_queries(account, django_assert_max_num_queries):
    def queries_for(count):
        upload = cancelled(account, after_batches=1, batch_rows=1, count=count)
        child = retry_upload(upload=upload)
        with django_assert_max_num_queries(200) as captured:
            run_slice(child.pk, batch_rows=2000)
        assert BulkUpload.objects.get(pk=child.pk).has_ended
        return len(captured)

    queries_for(10)
    assert connection.vendor in ("sqlite", "postgresql")
    assert queries_for(40) == queries_for(400)
