"""Rows that a correction file cannot show as they stood are not taken for corrected as they are."""

import io
import json

import openpyxl
import pytest

from bulk_uploads.corrections.fixing import fix_rows
from bulk_uploads.corrections.settled import open_failed_rows
from bulk_uploads.models import RowIssue
from catalog.models import Variant
from tests.bulk_uploads.corrections.spreadsheets import (
    corrected_csv,
    corrected_workbook,
    csv_table,
    downloaded,
    sent_again,
    workbook_of,
)
from tests.factories.accounts import AccountFactory
from tests.imports import import_bytes, issues, outcomes, run_to_end

pytestmark = pytest.mark.django_db

OVERLONG = b"SKU,Product Name,Price,Description\nA,Fan,1,234.50,Quiet\nB,Fan,dear,Loud\n"


@pytest.fixture
def account():
    return AccountFactory.create()


def skus(account):
    return sorted(Variant.objects.filter(account=account).values_list("sku", flat=True))


def codes(upload):
    return list(RowIssue.objects.filter(upload=upload).values_list("code", flat=True))


def cure_b(cells):
    if cells["SKU"] == "B":
        cells["Price"] = "7"


def test_a_row_cut_to_the_header_is_refused_until_it_is_changed(account):
    upload = import_bytes(account, OVERLONG)
    content = downloaded(upload)
    header, cut, whole = csv_table(content)
    assert cut[:4] == ["A", "Fan", "1", "234.50"]
    assert "not all that stood in the row" in cut[header.index("Errors")]
    assert (cut[-1].startswith("2 as shown "), whole[-1]) == (True, "3")

    child = sent_again(account, corrected_csv(content, cure_b))

    assert outcomes(child) == {2: "failed", 3: "created"}
    assert codes(child) == ["not_corrected"]
    assert skus(account) == ["B"]
    assert open_failed_rows(upload, most=9) == [2]

    def cure_a(cells):
        cells.update({"Price": "1234.50", "Description": "Quiet"})

    # The correction of the correction holds it back just as well.
    again = downloaded(child)
    assert outcomes(sent_again(account, again)) == {2: "failed"}
    assert outcomes(sent_again(account, corrected_csv(again, cure_a))) == {2: "created"}
    assert open_failed_rows(upload, most=9) == []


def test_neither_a_spreadsheet_nor_another_order_of_columns_changes_a_row(account):
    book = workbook_of(
        {
            "Sheet": [
                ["SKU", "Product Name", "Description", "Price"],
                ["A", "Fan", "=A2", "1"],
                ["B", "Lamp", "Loud\r\nthen quiet", "dear"],
            ]
        }
    )
    upload = import_bytes(account, book)
    assert codes(upload)[0] == "formula_without_value"
    content = downloaded(upload)
    assert outcomes(sent_again(account, corrected_workbook(content, cure_b))) == {
        2: "failed",
        3: "created",
    }

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    turned = [list(reversed([cell.value or "" for cell in row])) for row in sheet.iter_rows()]
    child = sent_again(account, workbook_of({"Sheet": turned[:2]}))

    assert (codes(child), skus(account)) == (["not_corrected"], ["B"])


def test_what_only_stands_for_a_nested_value_is_never_stored(account):
    nested = [{"SKU": "A", "Product Name": "Fan", "Description": [["x"]], "Price": 1}]
    upload = import_bytes(account, json.dumps(nested).encode())
    (row,) = json.loads(downloaded(upload))

    assert codes(sent_again(account, json.dumps([row]).encode())) == ["not_corrected"]
    assert skus(account) == []
    # Another cell of the row says nothing of this one.
    row["Price"] = "2"
    child = sent_again(account, json.dumps([row]).encode())
    assert issues(child) == [(2, "Description", "[…]", "not_corrected")]
    row["Description"] = "x"
    assert outcomes(sent_again(account, json.dumps([row]).encode())) == {2: "created"}


def test_a_cell_left_on_the_page_as_it_only_could_be_shown_is_refused(account):
    nested = [{"SKU": "A", "Product Name": "Fan", "Description": [["x"]], "Price": 1}]
    upload = import_bytes(account, json.dumps(nested).encode())

    other = run_to_end(fix_rows(upload=upload, changes={2: {3: "2"}}))
    right = run_to_end(fix_rows(upload=upload, changes={2: {2: "x"}}))

    assert (codes(other), outcomes(right)) == (["not_corrected"], {2: "created"})


def test_a_row_fixed_on_the_page_is_what_the_page_showed(account):
    upload = import_bytes(account, OVERLONG)

    child = run_to_end(fix_rows(upload=upload, changes={2: {2: "1234.50", 3: "234.50"}}))

    assert outcomes(child) == {2: "created"}
