"""What an upload's options change: existing variants, all or nothing, dry runs, decimal commas."""

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from bulk_uploads import services
from bulk_uploads.models import BulkUpload, RowIssue, RowResult
from catalog.models import Category, MediaAsset, Tag
from tests.catalog.importing.stored import change_count, prices, variant
from tests.imports import (
    catalog_of,
    counts,
    import_bytes,
    import_rows,
    issues,
    judgement_of,
    messages,
    outcome_of_run,
    outcomes,
    run_to_end,
)

HEADER = ["SKU", "Product Name", "Category Path", "Tags", "Price"]
ROWS = [["A", "Fan", "Home", "new", "10"], ["B", "Fan", "Home", "new", "11"]]
IN_BATCHES = pytest.mark.parametrize("batch_rows", [1, 2_000])


# update_existing


@IN_BATCHES
@pytest.mark.parametrize("price", ["10", "12"], ids=["unchanged", "changed"])
def test_existing_variants_are_left_alone_where_the_upload_says_so(account, batch_rows, price):
    import_rows(account, HEADER, ROWS)
    before = catalog_of(account)

    upload = import_rows(
        account,
        HEADER,
        [["A", "Fan", "Home", "new", price], ["C", "Fan", "Home", "new", "13"]],
        batch_rows=batch_rows,
        update_existing=False,
    )

    assert outcomes(upload) == {2: "failed", 3: "created"}
    assert issues(upload) == [(2, "SKU", "A", "already_exists")]
    assert messages(upload) == [
        "'A' exists already, and this upload was told to leave existing variants alone."
    ]
    assert catalog_of(account)["variants"][:2] == before["variants"]
    assert change_count(account) == 0


def test_a_row_of_an_existing_variant_decides_nothing_where_it_is_left_alone(account):
    import_rows(account, HEADER, ROWS)

    upload = import_rows(
        account,
        HEADER,
        [["A", "Fan", "Garden", "new", "10"], ["C", "Fan", "Terrace", "new", "13"]],
        update_existing=False,
    )

    assert outcomes(upload) == {2: "failed", 3: "created"}
    assert [product[2] for product in catalog_of(account)["products"]] == ["Terrace"]


def test_a_variant_that_an_earlier_row_made_is_a_repeated_key_not_an_existing_one(account):
    upload = import_rows(account, HEADER, [ROWS[0], ROWS[0]], update_existing=False, batch_rows=1)

    assert issues(upload) == [(3, "SKU", "A", "repeated_key")]


# on_error


@IN_BATCHES
def test_all_or_nothing_writes_nothing_at_all_if_one_row_fails(account, batch_rows):
    import_rows(account, HEADER, ROWS)
    before = catalog_of(account)

    upload = import_rows(
        account,
        [*HEADER, "Variant #; color", "Media Paths"],
        [
            ["A", "Fan", "Garden", "old", "12", "red", "https://a.example/1"],
            ["B", "Fan", "Garden", "old", "cheap", "red", "https://a.example/1"],
            ["C", "Lamp", "Garden", "old", "12", "red", "https://a.example/1"],
        ],
        batch_rows=batch_rows,
        on_error="abort",
    )

    assert (upload.status, upload.output["code"]) == ("failure", "rows_failed")
    assert upload.output["message"] == (
        "1 row of 3 cannot be taken, so nothing was written, as you asked. Correct them and "
        "upload the file again."
    )
    assert counts(upload) == {"failed": 1, "not_applied": 2}
    assert outcomes(upload) == {3: "failed"}
    assert issues(upload) == [(3, "Price", "cheap", "invalid_number")]
    assert catalog_of(account) == before
    assert not BulkUpload.objects.filter(has_turn=True).exists()


@IN_BATCHES
def test_all_or_nothing_without_a_failing_row_is_an_import_as_usual(account, batch_rows):
    usual = type(account).objects.create(slug="usual", name="Usual", currency="INR")
    rows = [*ROWS, ["C", "Fan", "Garden", "new", "12"]]

    upload = import_rows(account, HEADER, rows, batch_rows=batch_rows, on_error="abort")
    reference = import_rows(usual, HEADER, rows, batch_rows=batch_rows)

    assert upload.status == "success"
    assert judgement_of(upload) == judgement_of(reference)
    assert catalog_of(account) == catalog_of(usual)
    assert not RowResult.objects.filter(upload=upload, is_dry=True).exists()
    assert not RowIssue.objects.filter(upload=upload, is_dry=True).exists()


# dry_run


FILE = [
    ["A", "Fan", "Garden", "new", "12"],
    ["B", "Fan", "Home", "new", "11"],
    ["C", "Lamp", "Hall", "old", "5"],
    ["D", "Lamp", "Hall", "old", "cheap"],
    ["C", "Lamp", "Hall", "old", "5"],
]


@IN_BATCHES
def test_a_dry_run_tells_what_the_real_run_will_do_and_touches_nothing(account, batch_rows):
    import_rows(account, HEADER, ROWS)
    before = catalog_of(account)

    dry = import_rows(account, HEADER, FILE, batch_rows=batch_rows, dry_run=True)

    assert dry.status == "success"
    assert dry.output["dry_run"] is True
    assert dry.output["message"] == (
        "3 rows of 5 taken (1 created, 1 updated, 1 unchanged); 2 would fail."
    )
    assert catalog_of(account) == before
    assert (Category.objects.count(), Tag.objects.count(), MediaAsset.objects.count()) == (1, 1, 0)
    assert set(dry.row_results.values_list("is_dry", flat=True)) == {True}

    real = run_to_end(services.run_dry_run(upload=dry), batch_rows=batch_rows)

    assert real.parent_id == dry.pk
    assert real.options == {}
    assert outcome_of_run(real) == outcome_of_run(dry)
    assert outcomes(real) == {2: "updated", 3: "unchanged", 4: "created", 5: "failed", 6: "failed"}
    assert prices(account) == {"A": 12, "B": 11, "C": 5}


def test_a_dry_run_makes_no_definitions(account):
    upload = import_rows(
        account,
        ["SKU", "Product Name", "Variant #; color", "Media Paths", "Property Set Media #; g"],
        [["A", "Fan", "red", "https://a.example/1", "https://a.example/1"]],
        dry_run=True,
    )

    assert counts(upload) == {"created": 1}
    assert not any(catalog_of(account).values())


@IN_BATCHES
def test_a_dry_run_remembers_what_its_earlier_batches_decided(account, batch_rows):
    upload = import_rows(
        account,
        ["SKU", "EAN", "Product Name", "Category Path"],
        [
            ["A", "4006381333931", "Fan", "Home"],
            ["B", "4006381333931", "Fan", "Home"],
            ["C", "", "Fan", "Garden"],
            ["12345678", "", "Fan", "Home"],
            ["012345678", "", "Fan", "Home"],
            ["0001", "", "Fan", "Home"],
            ["1", "", "Fan", "Home"],
            ["A", "", "Fan", "Home"],
        ],
        dry_run=True,
        batch_rows=batch_rows,
    )

    assert [(row, code) for row, _, _, code in issues(upload)] == [
        (3, "ean_taken"),
        (4, "product_conflict"),
        (8, "spreadsheet_damage"),
        (9, "repeated_key"),
    ]
    assert not any(catalog_of(account).values())


@pytest.mark.parametrize("on_error", ["skip_rows", "abort"])
def test_a_dry_run_of_all_or_nothing_is_a_dry_run(account, on_error):
    upload = import_rows(account, HEADER, FILE, dry_run=True, on_error=on_error)

    assert upload.output["dry_run"] is True
    assert counts(upload) == {"created": 3, "failed": 2}
    assert not any(catalog_of(account).values())


# decimal_comma


def test_decimal_commas_are_read_where_the_upload_says_so(account):
    rows = [["A", "Fan", "1.234,5"], ["B", "Fan", "0,99"]]
    refused = import_rows(account, ["SKU", "Product Name", "Price"], rows)
    assert [issue[3] for issue in issues(refused)] == ["invalid_number", "invalid_number"]
    assert prices(account) == {}

    taken = import_rows(account, ["SKU", "Product Name", "Price"], rows, decimal_comma=True)

    assert counts(taken) == {"created": 2}
    assert prices(account) == {"A": Decimal("1234.5"), "B": Decimal("0.99")}


@pytest.mark.parametrize("batch_rows", [1, 2_000])
def test_a_decimal_point_is_ambiguous_where_commas_are_decimal(account, batch_rows):
    """Taken as it stands, a file with points would have 1.5 right and 1.500 a thousandfold."""
    rows = [["A", "Fan", "1.5"], ["B", "Fan", "12,34"], ["C", "Fan", "7"]]

    upload = import_rows(
        account,
        ["SKU", "Product Name", "Price"],
        rows,
        batch_rows=batch_rows,
        decimal_comma=True,
    )

    assert issues(upload) == [(2, "Price", "1.5", "invalid_number")]
    assert prices(account) == {"B": Decimal("12.34"), "C": Decimal("7")}


@pytest.mark.parametrize("name", ["prices.xlsx", "prices.json"])
def test_numbers_of_a_sheet_or_of_json_have_points_also_where_commas_are_decimal(account, name):
    cells = {"A": 1.5, "B": "2,5", "C": 5.125, "D": 1500}
    upload = import_bytes(account, _table(cells, name), decimal_comma=True)

    assert issues(upload) == [(4, "Price", "5.125", "invalid_number")]
    assert prices(account) == {"A": Decimal("1.5"), "B": Decimal("2.5"), "D": Decimal("1500")}


def test_what_a_sheet_says_is_not_what_the_same_texts_said(account):
    """A digest that forgot where the cells stood would call the second file unchanged."""
    import_rows(
        account, ["SKU", "Product Name", "Price"], [["A", "Fan", "5.125"]], decimal_comma=True
    )
    assert prices(account) == {"A": Decimal("5125")}

    upload = import_bytes(account, _table({"A": 5.125}, "a.xlsx"), decimal_comma=True)

    assert issues(upload) == [(2, "Price", "5.125", "invalid_number")]


def _table(prices_by_sku: dict[str, Any], name: str) -> bytes:
    header = ["SKU", "Product Name", "Price"]
    rows = [[sku, "Fan", price] for sku, price in prices_by_sku.items()]
    if name.endswith(".json"):
        return json.dumps([dict(zip(header, row, strict=True)) for row in rows]).encode()
    workbook = Workbook()
    for row in (header, *rows):
        workbook.active.append(row)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def test_the_same_cells_with_other_options_are_read_anew(account):
    """A digest that forgot the options would call the second file unchanged."""
    header, row = ["SKU", "Product Name", "Price", "Description"], ["A", "Fan", "1.234", "old"]
    import_rows(account, header, [row])
    assert prices(account) == {"A": Decimal("1.234")}

    upload = import_rows(account, header, [row], decimal_comma=True)

    assert counts(upload) == {"updated": 1}
    assert prices(account) == {"A": Decimal("1234")}


def test_the_same_cells_under_another_header_are_read_anew(account):
    import_rows(account, ["SKU", "Product Name", "Price"], [["A", "Fan", "5"]])

    upload = import_rows(account, ["SKU", "Product Name", "List Price"], [["A", "Fan", "5"]])

    assert counts(upload) == {"updated": 1}
    assert variant(account, "A").list_price == 5
