"""The headers of stock files: our own, Magento's, Shopify's, and one column for each location."""

import pytest

from bulk_uploads.errors import InvalidOptions
from bulk_uploads.models import BulkUpload
from catalog.models import Location
from catalog.stock.processor import StockProcessor
from tests.catalog.stock.stocking import levels_of, stock_rows
from tests.imports import counts, issues, messages, outcomes

SHOPIFY = [
    *("Handle", "Title", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value"),
    *("Option3 Name", "Option3 Value", "SKU", "HS Code", "COO"),
]


def shopify(sku: str, *cells: str) -> list[str]:
    return ["fan", "Fan", "Color", "Red", "", "", "", "", sku, "", "", *cells]


def test_magentos_columns_are_known(account):
    upload = stock_rows(
        account,
        ["source_code", "sku", "status", "quantity"],
        [["default", "FAN-1", "1", "10.10"], ["source-1", "FAN-2", "0", "15"]],
    )

    assert levels_of(account) == {("FAN-1", "default"): "10.1", ("FAN-2", "source-1"): "15"}
    assert issues(upload) == [
        (2, "source_code", "default", "new_location"),
        (3, "status", "0", "status_left_out"),
        (3, "source_code", "source-1", "new_location"),
    ]


def test_shopifys_columns_are_known_and_available_is_what_counts(account):
    header = [*SHOPIFY, "Location", "Incoming", "Unavailable", "Committed", "Available", "On hand"]

    upload = stock_rows(
        account,
        header,
        [
            shopify("FAN-1", "Shop location", "0", "0", "2", "103", "105"),
            shopify("FAN-2", "Shop location", "0", "0", "0", "not stocked", "not stocked"),
            shopify("", "Shop location", "0", "0", "0", "5", "5"),
        ],
    )

    assert outcomes(upload) == {2: "created", 3: "unchanged", 4: "failed"}
    assert levels_of(account) == {("FAN-1", "Shop location"): "103"}
    assert issues(upload) == [
        (1, "On hand", "On hand", "ignored_header"),
        (2, "Location", "Shop location", "new_location"),
        (4, "SKU", "", "missing_key"),
    ]
    assert "'Available'" in messages(upload)[0]
    assert "Handle" in upload.extradata["ignored_headers"]


def test_shopifys_older_export_has_a_column_for_each_location(account):
    upload = stock_rows(
        account,
        [*SHOPIFY, "Delhi shop", "Pune shop"],
        [shopify("FAN-1", "3", "not stocked"), shopify("FAN-2", "", "4")],
    )

    assert counts(upload) == {"created": 2}
    assert levels_of(account) == {("FAN-1", "Delhi shop"): "3", ("FAN-2", "Pune shop"): "4"}


def test_a_wide_row_is_as_good_as_its_cells(account):
    header = ["sku", "Delhi", "Pune"]
    stock_rows(account, header, [["FAN-1", "1", "2"], ["FAN-2", "1", ""], ["FAN-3", "1", "1"]])

    upload = stock_rows(
        account,
        header,
        [["FAN-1", "1", "5"], ["FAN-2", "1", "1"], ["FAN-3", "7", "x"], ["FAN-1", "", ""]],
    )

    assert outcomes(upload) == {2: "updated", 3: "created", 4: "failed", 5: "failed"}
    assert issues(upload) == [
        (4, "Pune", "x", "invalid_number"),
        (5, "sku", "FAN-1", "repeated_key"),
    ]
    assert levels_of(account)[("FAN-3", "Delhi")] == "1"


def test_a_wide_file_does_not_take_the_catalogs_columns_for_locations(account):
    upload = stock_rows(account, ["SKU", "Price", "Title", "Delhi"], [["FAN-1", "99", "Fan", "2"]])

    assert levels_of(account) == {("FAN-1", "Delhi"): "2"}
    assert issues(upload)[0] == (1, "Price", "Price", "ignored_header")


def test_a_column_that_is_not_known_is_named_with_the_nearest(account):
    upload = stock_rows(account, ["SKU", "Quantity", "Locaton"], [["FAN-1", "2", "Delhi"]])

    assert issues(upload) == [(1, "Locaton", "Locaton", "ignored_header")]
    assert "Did you mean 'Location'?" in messages(upload)[0]


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        (["Location", "Quantity"], ["missing_key_column"]),
        (["SKU", "Location"], ["missing_quantity_column"]),
        (["SKU"], ["missing_quantity_column"]),
        (["Location"], ["missing_key_column", "missing_quantity_column"]),
        (["SKU", "sku ", "Quantity"], ["repeated_header"]),
        (["SKU", "Quantity", "quantity"], ["repeated_header"]),
        (["SKU", "Delhi", "DELHI"], ["repeated_header"]),
        (["SKU", "Delhi #; 1"], ["separator_in_name", "missing_quantity_column"]),
        (["SKU", *(f"L{n}" for n in range(101))], ["too_many_locations"]),
    ],
)
def test_a_header_that_cannot_be_worked_with_fails_the_upload(account, header, codes):
    upload = stock_rows(account, header, [["FAN-1"] + ["1"] * (len(header) - 1)])

    assert upload.status == "failure"
    assert [code for *_, code in issues(upload)] == codes
    assert not Location.objects.filter(account=account).exists()


def test_a_mapping_names_the_columns_of_any_file(account):
    upload = stock_rows(
        account,
        ["Artikel", "Lager", "Bestand"],
        [["FAN-1", "Berlin", "2"]],
        mapping={"Artikel": "sku", "Lager": "location", "Bestand": "quantity"},
    )

    assert counts(upload) == {"created": 1}
    assert levels_of(account) == {("FAN-1", "Berlin"): "2"}


def test_a_column_is_left_out_on_purpose(account):
    upload = stock_rows(
        account,
        ["SKU", "Delhi", "Reserved"],
        [["FAN-1", "2", "1"]],
        mapping={"Reserved": ""},
    )

    assert levels_of(account) == {("FAN-1", "Delhi"): "2"}
    assert upload.extradata["ignored_headers"] == ["Reserved"]


def test_a_mapping_to_what_is_no_field_or_twice_to_one_is_refused_before_anything_is_stored(
    account,
):
    with pytest.raises(InvalidOptions) as refused:
        stock_rows(
            account,
            ["SKU", "Bestand", "Menge"],
            [["FAN-1", "2", "3"]],
            mapping={"Bestand": "quantity", "Menge": "quantity", "SKU": "amount"},
        )

    assert "'amount', which is no field" in str(refused.value)
    assert "'Bestand' and 'Menge' to one field: quantity" in str(refused.value)
    assert not BulkUpload.objects.exists()


def test_a_mapping_that_names_a_column_the_file_lacks_fails_the_upload(account):
    upload = stock_rows(
        account, ["SKU", "Quantity"], [["FAN-1", "2"]], mapping={"Lager": "location"}
    )

    assert issues(upload) == [(1, "Lager", "Lager", "mapping_column_missing")]
    assert upload.status == "failure"


def test_columns_are_suggested_what_they_most_likely_are():
    suggestions = StockProcessor().suggestions(
        header=["Artikel", "Lager", "Closing Stock", "Quantity", "Colour"],
        remembered={"Colour": "status"},
    )

    assert [(found.value, found.reason) for found in suggestions] == [
        ("sku", "known"),
        ("location", "known"),
        ("", ""),
        ("quantity", "own"),
        ("status", "remembered"),
    ]
