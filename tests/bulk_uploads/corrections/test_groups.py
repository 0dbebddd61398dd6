"""A correction file of another shop system's export: rows go with those they lean on."""

import pytest

from tests.bulk_uploads.corrections.spreadsheets import (
    corrected_csv,
    csv_table,
    downloaded,
    sent_again,
)
from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, counts, import_rows, outcomes

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
