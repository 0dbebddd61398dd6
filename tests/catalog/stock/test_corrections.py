"""Rows of stock files that come back corrected: adjusted once, whoever sends them how often."""

import pytest

from bulk_uploads.corrections.fixing import fix_rows
from bulk_uploads.corrections.retries import retry_upload
from bulk_uploads.corrections.settled import open_failed_rows
from catalog.stock.processor import STOCK_PROCESSOR
from tests.bulk_uploads.corrections.spreadsheets import corrected_csv, downloaded, sent_again
from tests.catalog.stock.stocking import levels_of, stock_rows, variants
from tests.imports import issues, messages, outcomes, run_to_end
from tests.undos import undo

HEADER = ["SKU", "Location", "Quantity"]
LEVEL = ("FAN-1", "Delhi")


@pytest.fixture
def upload(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "10"], ["FAN-2", "Delhi", "10"]])
    return stock_rows(
        account, HEADER, [["FAN-1", "Delhi", "three"], ["FAN-2", "Delhi", "1"]], mode="adjust"
    )


def corrected(upload):
    return corrected_csv(downloaded(upload), lambda cells: cells.update(Quantity="3"))


def again(account, content, **options):
    return sent_again(account, content, processor_name=STOCK_PROCESSOR, **options)


def test_the_same_correction_sent_twice_adjusts_once(account, upload):
    content = corrected(upload)
    first = again(account, content)
    assert (outcomes(first), levels_of(account)[LEVEL]) == ({2: "updated"}, "13")

    assert outcomes(again(account, content, dry_run=True)) == {2: "failed"}
    second = again(account, content)

    assert issues(second) == [(2, "SKU", "FAN-1", "adjusted_before")]
    assert f"Row 2 of upload {first.pk} has adjusted" in messages(second)[0]
    assert levels_of(account)[LEVEL] == "13"
    # Nothing of it is left to be corrected.
    assert open_failed_rows(second, most=9) == []


def test_two_people_who_fix_one_row_adjust_once_also_with_another_sku(account, upload):
    fixes = [
        fix_rows(upload=upload, changes={2: {2: "3"}}),
        fix_rows(upload=upload, changes={2: {0: "FAN-3", 2: "3"}}),
    ]

    assert [outcomes(run_to_end(fix)) for fix in fixes] == [{2: "updated"}, {2: "failed"}]
    assert levels_of(account) == {LEVEL: "13", ("FAN-2", "Delhi"): "11"}


def test_a_row_that_the_first_upload_took_is_not_adjusted_by_its_correction(account, upload):
    content = downloaded(upload).replace(b"FAN-1,Delhi,three", b"FAN-2,Delhi,1")
    head, _, _ = content.rpartition(b",2")

    child = again(account, head + b",3\r\n")

    assert issues(child) == [(2, "SKU", "FAN-2", "adjusted_before")]
    assert levels_of(account)["FAN-2", "Delhi"] == "11"


def test_after_the_correction_was_taken_back_it_can_be_sent_again(account, upload):
    content = corrected(upload)
    undo(again(account, content))
    assert levels_of(account)[LEVEL] == "10"

    assert outcomes(again(account, content)) == {2: "updated"}
    assert levels_of(account)[LEVEL] == "13"


def test_a_retry_takes_what_is_left_and_no_correction_after_it_takes_that_again(account):
    upload = stock_rows(account, HEADER, [["NEW-1", "Delhi", "4"]], mode="adjust")
    content = downloaded(upload)
    variants(account, "NEW-1")

    assert outcomes(run_to_end(retry_upload(upload=upload))) == {2: "created"}
    assert outcomes(again(account, content)) == {2: "failed"}
    assert levels_of(account) == {("NEW-1", "Delhi"): "4"}


def test_setting_the_same_level_again_does_no_harm(account):
    upload = stock_rows(account, HEADER, [["FAN-1", "Delhi", "three"]])
    content = corrected(upload)

    assert outcomes(again(account, content)) == {2: "created"}
    assert outcomes(again(account, content)) == {2: "unchanged"}
