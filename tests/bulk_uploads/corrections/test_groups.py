"""A correction file of another shop system's export: rows go with those they lean on."""

import io

import openpyxl
import pytest

from bulk_uploads.corrections.fixing import fix_rows
from tests.bulk_uploads.corrections.spreadsheets import (
    corrected_csv,
    csv_table,
    downloaded,
    sent_again,
    workbook_of,
)
from tests.factories.accounts import AccountFactory
from tests.imports import (
    catalog_of,
    counts,
    import_bytes,
    import_rows,
    issues,
    outcomes,
    run_to_end,
)

pytestmark = pytest.mark.django_db

HEADER = [
    "Handle",
    "Title",
    "Option1 Name",
    "Option1 Value",
    "Variant SKU",
    "Variant Price",
    "Image Src",
]
ROWS = [
    ["lamp", "Lamp", "Title", "Default Title", "L-1", "20.00", ""],
    ["fan", "Fan", "Size", "Small", "F-1", "10.00", "https://example.com/1.jpg"],
    ["fan", "", "", "Large", "F-2", "dear", ""],
    ["fan", "", "", "", "", "", "https://example.com/2.jpg"],
]


def cure(cells):
    if cells["Variant SKU"] == "F-2":
        cells["Variant Price"] = "12.00"


def test_the_rows_of_a_product_go_together_in_the_uploaders_own_columns():
    account = AccountFactory.create()
    upload = import_rows(account, HEADER, ROWS)
    assert upload.layout == "shopify_products"
    assert outcomes(upload) == {2: "created", 3: "created", 4: "failed", 5: "merged"}

    header, *rows = csv_table(downloaded(upload))

    assert header[:8] == [*HEADER, "Errors"]
    assert [row[:7] for row in rows] == ROWS[1:]
    assert [row[8] for row in rows] == ["3", "4", "5"]
    assert rows[0][7].startswith("Nothing is wrong here")
    assert rows[1][7].startswith("Variant Price: ")


def test_sent_again_it_leaves_the_catalog_that_a_right_file_would_have():
    account, control = AccountFactory.create(), AccountFactory.create()
    right = [[*row[:5], "12.00", row[6]] if row[4] == "F-2" else row for row in ROWS]
    import_rows(control, HEADER, right)
    upload = import_rows(account, HEADER, ROWS)

    child = sent_again(account, corrected_csv(downloaded(upload), cure))

    assert child.layout == "shopify_products"
    assert outcomes(child) == {2: "unchanged", 3: "created", 4: "merged"}
    assert counts(child) == {"created": 1, "unchanged": 1, "merged": 1}
    for name in ("attributes", "sets", "assets"):
        assert catalog_of(account)[name] == catalog_of(control)[name]
    values = [
        [{**variant, "created_by": None} for variant in catalog_of(one)["variants"]]
        for one in (account, control)
    ]
    assert values[0] == values[1]


def test_what_the_first_file_made_is_no_existing_variant_to_its_correction():
    account = AccountFactory.create()
    import_rows(account, HEADER, [["mat", "Mat", "Title", "Default Title", "M-1", "5.00", ""]])
    others = ["fan", "", "", "Wide", "M-1", "11.00", ""]
    upload = import_rows(account, HEADER, [*ROWS, others], update_existing=False)
    assert outcomes(upload)[6] == "failed"

    child = sent_again(account, corrected_csv(downloaded(upload), cure))

    # F-1 comes along with F-2; the mat was there before.
    assert outcomes(child) == {2: "unchanged", 3: "created", 4: "merged", 5: "failed"}
    assert issues(child) == [(5, "Variant SKU", "M-1", "already_exists")]


WOO = ["ID", "Type", "SKU", "Name", "Published", "Regular price", "Parent"]
WOO += ["Attribute 1 name", "Attribute 1 value(s)", "Categories"]
WOO_ROWS = [
    ["1", "variable", "FAN", "Fan", "1", "", "", "Size", "S, L", "Fans"],
    ["2", "variation", "FAN-S", "Fan S", "1", "10", "FAN", "Size", "S", ""],
    ["3", "variation", "FAN-L", "Fan L", "1", "dear", "id:1", "Size", "L", ""],
    ["4", "simple", "LAMP", "Lamp", "1", "20", "", "", "", ""],
]


def test_a_variation_goes_with_the_row_of_its_parent():
    account = AccountFactory.create()
    upload = import_rows(account, WOO, WOO_ROWS)
    assert upload.layout.startswith("woocommerce")
    assert outcomes(upload) == {2: "merged", 3: "created", 4: "failed", 5: "created"}

    content = downloaded(upload)

    assert [row[2] for row in csv_table(content)[1:]] == ["FAN", "FAN-L"]
    child = sent_again(account, content.replace(b"dear", b"12", 1))
    assert outcomes(child) == {2: "merged", 3: "created"}
    names = {variant["sku"]: variant["product"] for variant in catalog_of(account)["variants"]}
    assert names["FAN-L"] == names["FAN-S"]


@pytest.mark.parametrize("sheet", ["Products", " Products 2 "])
def test_rows_are_those_of_the_sheet_that_was_read(sheet):
    content = workbook_of({"Read me": [["Hello"], ["a"], ["b"], ["c"]], sheet: [WOO, *WOO_ROWS]})
    upload = import_bytes(AccountFactory.create(), content, sheet=sheet)
    assert outcomes(upload) == {2: "merged", 3: "created", 4: "failed", 5: "created"}

    book = openpyxl.load_workbook(io.BytesIO(downloaded(upload)))
    skus = [row[2] for row in book.active.iter_rows(min_row=2, values_only=True)]
    child = run_to_end(fix_rows(upload=upload, changes={4: {WOO.index("Regular price"): "12"}}))

    assert (book.sheetnames, skus) == ([sheet.strip()], ["FAN", "FAN-L"])
    assert outcomes(child) == {2: "merged", 3: "created"}


MAGENTO = ["sku", "name", "product_type", "attribute_set_code", "price", "configurable_variations"]
MAGENTO_ROWS = [
    ["F-S", "Fan", "simple", "Default", "10", ""],
    ["F-L", "Fan", "simple", "Default", "dear", ""],
    ["FAN", "Fan", "configurable", "Default", "", "sku=F-S,size=S|sku=F-L,size=L"],
    ["LAMP", "Lamp", "simple", "Default", "20", ""],
]


def test_a_configurable_row_goes_with_the_variants_it_names():
    account = AccountFactory.create()
    upload = import_rows(account, MAGENTO, MAGENTO_ROWS)
    assert outcomes(upload) == {2: "created", 3: "failed", 4: "merged", 5: "created"}

    content = downloaded(upload)

    assert [row[0] for row in csv_table(content)[1:]] == ["F-L", "FAN"]
    child = sent_again(account, content.replace(b"dear", b"12", 1))
    assert outcomes(child) == {2: "created", 3: "merged"}
