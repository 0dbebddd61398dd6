"""The first accepted row of a product in a file decides what the product is."""

import pytest

from tests.catalog.importing.stored import change_count, changes, product, product_keys, products_of
from tests.imports import catalog_of, counts, import_rows, issues, messages, outcomes

HEADER = ["SKU", "Product Name", "Category Path", "Tags", "Collections", "Price"]
IN_BATCHES = pytest.mark.parametrize("batch_rows", [1, 2, 2_000])


@IN_BATCHES
def test_a_later_row_that_disagrees_is_taken_with_a_warning_that_names_both_rows(
    account, batch_rows
):
    upload = import_rows(
        account,
        HEADER,
        [
            ["A", "Fan", "Home/Fans", "new", "C1", "10"],
            ["B", "Fan", "Garden", "old", "C2", "11"],
            ["C", "Fan", "Home / Fans", "new #; new", " C1 ", "12"],
        ],
        batch_rows=batch_rows,
    )

    assert counts(upload) == {"created": 3}
    assert upload.warnings == 3
    assert issues(upload) == [
        (3, "Tags", "old", "product_conflict"),
        (3, "Category Path", "Garden", "product_conflict"),
        (3, "Collections", "C2", "product_conflict"),
    ]
    assert messages(upload)[0] == (
        "Row 3 says 'old', but row 2 is the first of this product and says 'new': row 2 decides."
    )
    assert product(account, "Fan") == {
        "key": "Fan",
        "name": "Fan",
        "category": "Home/Fans",
        "tags": ["new"],
        "collections": ["C1"],
    }


@IN_BATCHES
def test_an_unchanged_row_decides_as_well(account, batch_rows):
    first = ["A", "Fan", "Home", "new", "", "10"]
    import_rows(account, HEADER, [first])

    upload = import_rows(
        account, HEADER, [first, ["B", "Fan", "Garden", "new", "", "11"]], batch_rows=batch_rows
    )

    assert outcomes(upload) == {2: "unchanged", 3: "created"}
    assert issues(upload) == [(3, "Category Path", "Garden", "product_conflict")]
    assert product(account, "Fan")["category"] == "Home"
    assert change_count(account) == 0


@IN_BATCHES
def test_a_row_that_fails_decides_nothing(account, batch_rows):
    upload = import_rows(
        account,
        HEADER,
        [["A", "Fan", "Garden", "", "", "cheap"], ["B", "Fan", "Home", "", "", "11"]],
        batch_rows=batch_rows,
    )

    assert outcomes(upload) == {2: "failed", 3: "created"}
    assert issues(upload) == [(2, "Price", "cheap", "invalid_number")]
    assert product(account, "Fan")["category"] == "Home"
    assert [row[0] for row in catalog_of(account)["categories"]] == ["Home"]


@IN_BATCHES
def test_the_deciding_row_reports_what_it_changes_of_the_product(account, batch_rows):
    rows = [["A", "Fan", "Home", "", "", "10"], ["B", "Fan", "Home", "", "", "11"]]
    import_rows(account, HEADER, rows)
    for row in rows:
        row[2] = "Garden"

    upload = import_rows(account, HEADER, rows, batch_rows=batch_rows)

    assert outcomes(upload) == {2: "updated", 3: "unchanged"}
    assert changes(account) == [
        ("product", "Fan", "updated", 1, 2, {"category": ["Home", "Garden"]})
    ]
    assert product(account, "Fan")["category"] == "Garden"


def test_tags_and_collections_keep_their_order(account):
    import_rows(account, HEADER, [["A", "Fan", "", "b#;a#;c", "z#;y", ""]])
    assert product(account, "Fan")["tags"] == ["b", "a", "c"]

    upload = import_rows(account, HEADER, [["A", "Fan", "", "a#;b#;c", "z#;y", ""]])

    assert counts(upload) == {"updated": 1}
    assert product(account, "Fan")["tags"] == ["a", "b", "c"]
    assert product(account, "Fan")["collections"] == ["z", "y"]


def test_two_spellings_of_a_name_in_unicode_are_one_product(account):
    upload = import_rows(
        account, ["SKU", "Product Name"], [["A", "Cafe\u0301"], ["B", "Caf\u00e9"]]
    )

    assert counts(upload) == {"created": 2}
    assert issues(upload) == []
    assert product_keys(account) == ["Caf\u00e9"]


def test_names_that_differ_in_case_are_two_products(account):
    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"], ["B", "FAN"]])

    assert product_keys(account) == ["FAN", "Fan"]


@IN_BATCHES
def test_a_product_key_groups_variants_instead_of_the_name(account, batch_rows):
    upload = import_rows(
        account,
        ["SKU", "Product Name", "Product Key"],
        [["A", "Fan", "fan-1"], ["B", "Fan", "fan-2"], ["C", "Big fan", "fan-1"]],
        batch_rows=batch_rows,
    )

    assert counts(upload) == {"created": 3}
    assert issues(upload) == [(4, "Product Name", "Big fan", "product_conflict")]
    assert products_of(account) == {"A": "fan-1", "B": "fan-2", "C": "fan-1"}
    assert product(account, "fan-1")["name"] == "Fan"


@IN_BATCHES
def test_a_file_without_keys_finds_a_keyed_product_by_its_name(account, batch_rows):
    import_rows(
        account,
        ["SKU", "Product Name", "Product Key"],
        [["A", "Fan", "fan-1"], ["B", "Fan", "fan-1"]],
    )

    upload = import_rows(
        account,
        ["SKU", "Product Name", "Price"],
        [["A", "Fan", "5"], ["B", "Fan", ""]],
        batch_rows=batch_rows,
    )

    assert outcomes(upload) == {2: "updated", 3: "unchanged"}
    assert products_of(account) == {"A": "fan-1", "B": "fan-1"}


@IN_BATCHES
def test_a_name_given_with_a_key_is_known_to_rows_without_one(account, batch_rows):
    header = ["SKU", "Product Key", "Product Name"]
    import_rows(account, header, [["A", "fan-1", "Fan"], ["B", "fan-1", "Fan"]])

    upload = import_rows(
        account, header, [["A", "fan-1", "Wind"], ["B", "", "Wind"]], batch_rows=batch_rows
    )

    assert outcomes(upload) == {2: "updated", 3: "unchanged"}
    assert products_of(account) == {"A": "fan-1", "B": "fan-1"}
    assert product(account, "fan-1")["name"] == "Wind"


def test_a_blank_name_keeps_the_product_even_where_blanks_clear(account):
    import_rows(account, HEADER, [["A", "Fan", "Home", "new", "C1", "10"]])

    upload = import_rows(account, HEADER, [["A", "", "", "", "", "10"]], blank_cells="clear")

    assert outcomes(upload) == {2: "updated"}
    assert product(account, "Fan") == {
        "key": "Fan",
        "name": "Fan",
        "category": "",
        "tags": [],
        "collections": [],
    }
    (change,) = changes(account)
    assert change[-1] == {
        "category": ["Home", ""],
        "tags": [["new"], []],
        "collections": [["C1"], []],
    }


@pytest.mark.parametrize("name", ["", None], ids=["blank", "absent"])
def test_a_row_that_makes_a_variant_needs_a_product_name(account, name):
    header = ["SKU", "Price"] if name is None else ["SKU", "Price", "Product Name"]
    row = ["A", "cheap"] if name is None else ["A", "cheap", name]

    upload = import_rows(account, header, [row])

    assert counts(upload) == {"failed": 1}
    assert issues(upload) == [
        (2, "Price", "cheap", "invalid_number"),
        (2, "Product Name", "", "required_to_create"),
    ]
    assert catalog_of(account)["variants"] == []


def test_a_product_name_that_cannot_be_taken_is_one_problem_not_two(account):
    upload = import_rows(account, ["SKU", "Product Name"], [["A", "a#;b"]])

    assert issues(upload) == [(2, "Product Name", "a#;b", "separator_in_name")]
