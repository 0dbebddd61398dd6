"""What a row cannot say: one issue per problem, with row, column, value, code and message."""

import pytest

from bulk_uploads.models import RowIssue
from tests.catalog.importing.stored import details, prices
from tests.imports import (
    catalog_of,
    counts,
    csv_bytes,
    import_bytes,
    import_rows,
    issues,
    messages,
    outcomes,
)

GOOD = "https://a.example/1.png"


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("Price", "cheap", "invalid_number"),
        ("Price", "NaN", "invalid_number"),
        ("Price", "inf", "invalid_number"),
        ("Price", "-1", "negative_number"),
        ("Price", "1.00001", "too_many_digits"),
        ("Price", "12345678901", "too_many_digits"),
        ("Price", "1,5", "invalid_number"),
        ("Price", "10\n20", "invalid_number"),
        ("List Price", "$5", "invalid_number"),
        ("Length(mm)", "1.0001", "too_many_digits"),
        ("Weight(gms)", "₹5", "invalid_number"),
        ("Active", "yes", "invalid_boolean"),
        ("Display Name", "d" * 501, "too_long"),
        ("Tax Number", "t" * 101, "too_long"),
        ("Tax Rate", "t" * 101, "too_long"),
        ("Tags", "new#;two\nlines", "control_character"),
        ("Tags", "t" * 201, "too_long"),
        ("Collections", "c" * 201, "too_long"),
        ("Category Path", "Home//Fans", "empty_category_level"),
        ("Category Path", "Home/" + "c" * 201, "too_long"),
        ("Category Path", "Home#;Garden", "separator_in_name"),
        ("Category Path", "/".join(["扇" * 180] * 5), "too_long"),
        ("Media Paths", "cover.png", "invalid_url"),
        ("Media Paths", f"{GOOD}#;ftp://a.example/2", "invalid_url"),
        ("Variant #; color", "c" * 1_001, "too_long"),
        ("Property Set Table #; d #; e", "v" * 1_001, "too_long"),
        ("Property Set List #; l", "a#;b\nc", "control_character"),
        ("Property Set Media #; g", "javascript:alert(1)", "invalid_url"),
    ],
)
def test_a_cell_that_cannot_be_taken_fails_its_row_alone(account, header, cell, code):
    upload = import_rows(
        account, ["SKU", "Product Name", header], [["A", "Fan", cell], ["B", "Fan", ""]]
    )

    assert outcomes(upload) == {2: "failed", 3: "created"}
    (issue,) = RowIssue.objects.filter(upload=upload)
    assert (issue.row, issue.column, issue.level, issue.code) == (2, header, "error", code)
    assert issue.value == cell[:300]
    assert issue.message.endswith(".")
    assert [row["sku"] for row in catalog_of(account)["variants"]] == ["B"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a#;b", "separator_in_name"),
        ("two\nlines", "control_character"),
        ("n" * 501, "too_long"),
        ("\u0958" * 300, "too_long"),
    ],
)
@pytest.mark.parametrize("header", ["Product Name", "Product Key"])
def test_a_product_is_not_called_what_no_file_could_write_back(account, header, name, code):
    row = {"SKU": "A", "Product Name": "Fan", "Product Key": "fan"} | {header: name}

    upload = import_rows(account, list(row), [list(row.values())])

    assert issues(upload) == [(2, header, name[:300], code)]
    assert catalog_of(account)["products"] == []


@pytest.mark.parametrize(
    ("sku", "code"),
    [("S" * 201, "too_long"), ("S" * 100_000, "too_long"), ("a\nb", "control_character")],
)
def test_a_sku_that_is_too_long_or_more_than_a_line_is_refused(account, sku, code):
    upload = import_rows(account, ["SKU", "Product Name"], [[sku, "Fan"], ["B", "Fan"]])

    assert outcomes(upload) == {2: "failed", 3: "created"}
    assert issues(upload) == [(2, "SKU", sku[:300], code)]


@pytest.mark.parametrize(
    "sku",
    [
        "größe/XL",
        '50% "off"',
        "it's; a, b",
        "a#;b",
        "मॉडल 5",
        "🪭",
        "=1+1",
        "C:\\fans\\1",
        "%s",
        "{}",
        "<script>",
        "NULL",
        "e\u0301",
        "a\u00a0b",
        "S" * 200,
        "扇" * 200,
    ],
)
def test_a_sku_of_any_characters_is_stored_found_and_updated(account, sku):
    header = ["SKU", "Product Name", "Price"]
    assert counts(import_rows(account, header, [[sku, "Fan", "1"]])) == {"created": 1}
    assert counts(import_rows(account, header, [[sku, "Fan", "1"]])) == {"unchanged": 1}
    assert counts(import_rows(account, header, [[f" {sku} ", "Fan", "2"]])) == {"updated": 1}

    assert prices(account) == {sku: 2}


def test_every_problem_of_a_row_is_an_issue_of_its_own(account):
    header = ["SKU", "Product Name", "Price", "Active", "Media Paths", "Tags"]

    upload = import_rows(account, header, [["A", "x#;y", "cheap", "maybe", "nowhere", "t" * 201]])

    assert counts(upload) == {"failed": 1}
    assert sorted((column, code) for _, column, _, code in issues(upload)) == [
        ("Active", "invalid_boolean"),
        ("Media Paths", "invalid_url"),
        ("Price", "invalid_number"),
        ("Product Name", "separator_in_name"),
        ("Tags", "too_long"),
    ]


def test_problems_are_told_where_the_row_would_update_too(account):
    header = ["SKU", "Product Name", "Price"]
    import_rows(account, header, [["A", "Fan", "10"]])

    upload = import_rows(account, header, [["A", "Fan", "cheap"]])

    assert (upload.status, upload.output["code"]) == ("failure", "all_rows_failed")
    assert issues(upload) == [(2, "Price", "cheap", "invalid_number")]
    assert prices(account) == {"A": 10}


def test_what_the_reader_finds_wrong_with_a_row_is_an_issue_of_that_row(account):
    content = (
        b"SKU,Product Name,Description\n"
        b"A,Fan,too,many\n"
        b"B,Fan\n"
        b"C,Fan,a\x00b\n"
        b"D,Fan,bell\x07\n"
        b"E,Fan,fine\n"
    )

    upload = import_bytes(account, content)

    assert outcomes(upload) == dict.fromkeys(range(2, 6), "failed") | {6: "created"}
    assert [(row, column, code) for row, column, _, code in issues(upload)] == [
        (2, "", "ragged_row"),
        (3, "", "ragged_row"),
        (4, "Description", "nul_byte"),
        (5, "Description", "control_character"),
    ]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(account):
    content = b'SKU,Product Name,Description\nA,Fan,"two\nlines"\n\n,,\nB,Fan,\nC,,x\n'

    upload = import_bytes(account, content)

    assert outcomes(upload) == {2: "created", 5: "created", 6: "failed"}
    assert upload.blank_rows == 2
    assert upload.total_rows == 3
    assert details(account, "A")["description"] == "two\nlines"


def test_descriptions_hold_markup_line_breaks_and_any_language(account):
    text = '<p onclick="x">Größe 扇 🪭\n\t"quoted", \'so\'</p>'

    import_rows(account, ["SKU", "Product Name", "Description"], [["A", "Fan", text]])

    assert details(account, "A")["description"] == text


def test_one_bad_row_among_many_stops_no_other(account):
    rows = [[f"S{number}", "Fan", str(number)] for number in range(300)]
    rows[150][2] = "cheap"

    upload = import_rows(account, ["SKU", "Product Name", "Price"], rows)

    assert (upload.status, upload.output["code"]) == ("success", "completed_with_errors")
    assert upload.output["message"] == "299 rows of 300 taken (299 created); 1 failed."
    assert counts(upload) == {"created": 299, "failed": 1}
    assert issues(upload) == [(152, "Price", "cheap", "invalid_number")]


def test_an_account_in_dollars_takes_dollars_and_not_rupees(account):
    type(account).objects.filter(pk=account.pk).update(currency="USD")
    account.refresh_from_db()

    upload = import_rows(
        account,
        ["SKU", "Product Name", "Price"],
        [["A", "Fan", "$1,234.50"], ["B", "Fan", "US$ 5"], ["C", "Fan", "₹5"]],
    )

    assert outcomes(upload) == {2: "created", 3: "created", 4: "failed"}
    assert messages(upload)[0].startswith("'₹5' is not a number.")


def test_an_invented_header_with_a_line_break_is_left_out_with_a_warning(account):
    content = csv_bytes(["SKU", "Product Name", "Variant #; two\nlines"], [["A", "Fan", "x"]])

    upload = import_bytes(account, content)

    assert counts(upload) == {"created": 1}
    assert issues(upload) == [
        (1, "Variant #; two\nlines", "Variant #; two\nlines", "ignored_header")
    ]
    assert catalog_of(account)["attributes"] == []
