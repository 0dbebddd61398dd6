"""The same key twice in one file: the second is an issue that names the first row."""

import pytest

from tests.catalog.importing.stored import prices
from tests.imports import catalog_of, counts, import_rows, issues, messages, outcomes

HEADER = ["SKU", "Product Name", "Price"]
EAN, OTHER_EAN = "4006381333931", "96385074"
IN_BATCHES = pytest.mark.parametrize("batch_rows", [1, 2, 2_000])
DRY_OR_NOT = pytest.mark.parametrize("dry_run", [False, True])


@IN_BATCHES
@DRY_OR_NOT
def test_the_second_row_of_a_sku_is_refused_and_names_the_first(account, batch_rows, dry_run):
    upload = import_rows(
        account,
        HEADER,
        [["A", "Fan", "10"], ["B", "Fan", "11"], [" A ", "Fan", "12"], ["A", "Fan", "13"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
    )

    assert outcomes(upload) == {2: "created", 3: "created", 4: "failed", 5: "failed"}
    assert issues(upload) == [(4, "SKU", "A", "repeated_key"), (5, "SKU", "A", "repeated_key")]
    assert messages(upload) == ["Row 2 of this file already has 'A'. Keep one of the two rows."] * 2
    assert list(upload.row_results.order_by("row").values_list("key", flat=True)) == [
        "A",
        "B",
        None,
        None,
    ]
    if not dry_run:
        assert prices(account) == {"A": 10, "B": 11}


@IN_BATCHES
def test_a_first_row_that_failed_holds_its_key_all_the_same(account, batch_rows):
    upload = import_rows(
        account,
        HEADER,
        [["A", "Fan", "cheap"], ["A", "Fan", "10"]],
        batch_rows=batch_rows,
    )

    assert outcomes(upload) == {2: "failed", 3: "failed"}
    assert issues(upload) == [
        (2, "Price", "cheap", "invalid_number"),
        (3, "SKU", "A", "repeated_key"),
    ]
    assert catalog_of(account)["variants"] == []


@IN_BATCHES
def test_an_unchanged_row_holds_its_key_too(account, batch_rows):
    row = ["A", "Fan", "10"]
    import_rows(account, HEADER, [row])

    upload = import_rows(account, HEADER, [row, row, ["A", "Fan", "11"]], batch_rows=batch_rows)

    assert outcomes(upload) == {2: "unchanged", 3: "failed", 4: "failed"}
    assert prices(account) == {"A": 10}


@IN_BATCHES
@DRY_OR_NOT
def test_an_ean_and_the_sku_that_has_it_are_one_key(account, batch_rows, dry_run):
    header = ["SKU", "EAN", "Product Name"]
    import_rows(account, header, [["A", EAN, "Fan"]])

    upload = import_rows(
        account,
        header,
        [["A", EAN, "Fan"], ["", EAN, "Fan"], ["", OTHER_EAN, "Fan"], ["", OTHER_EAN, "Fan"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
    )

    assert outcomes(upload) == {2: "unchanged", 3: "failed", 4: "created", 5: "failed"}
    assert issues(upload) == [
        (3, "SKU", "A", "repeated_key"),
        (5, "SKU", OTHER_EAN, "repeated_key"),
    ]
    assert "Row 4 of this file" in messages(upload)[1]


@IN_BATCHES
def test_warnings_of_rows_beside_a_repeated_key_are_given_once(account, batch_rows):
    """The batch is judged twice, because only the ledger knows the key's first row."""
    header = ["SKU", "Product Name", "Category Path"]
    import_rows(account, header, [["A", "Fan", "Home"], ["B", "Fan", "Home"]])

    upload = import_rows(
        account,
        header,
        [
            ["A", "Fan", "Garden"],
            ["C", "Fan", "Garden"],
            ["D", "Fan", "Home"],
            ["A", "Fan", "Garden"],
        ],
        batch_rows=batch_rows,
    )

    assert issues(upload) == [
        (4, "Category Path", "Home", "product_conflict"),
        (5, "SKU", "A", "repeated_key"),
    ]
    assert upload.warnings == 1


@IN_BATCHES
def test_many_repeated_keys_in_many_batches_are_each_found(account, batch_rows):
    rows = [[f"S{number % 10}", "Fan", str(number)] for number in range(30)]

    upload = import_rows(account, HEADER, rows, batch_rows=batch_rows)

    assert counts(upload) == {"created": 10, "failed": 20}
    assert [message.split(" of ")[0] for message in messages(upload)] == [
        f"Row {2 + number % 10}" for number in range(10, 30)
    ]
    assert prices(account) == {f"S{number}": number for number in range(10)}


def test_a_row_without_any_key_is_an_issue(account):
    upload = import_rows(
        account,
        ["SKU", "EAN", "Product Name"],
        [["", "", "Fan"], ["", "123", "Fan"], ["A", "", "Fan"]],
    )

    assert outcomes(upload) == {2: "failed", 3: "failed", 4: "created"}
    assert issues(upload) == [
        (2, "SKU", "", "missing_key"),
        (3, "EAN", "123", "validation_error"),
    ]
    assert messages(upload)[0] == "The row has no SKU or EAN; it needs one."


def test_leading_zeros_and_case_make_other_keys(account):
    upload = import_rows(
        account, HEADER, [["a1", "Fan", ""], ["A1", "Fan", ""], ["0A1", "Fan", ""]]
    )

    assert counts(upload) == {"created": 3}
    assert sorted(prices(account)) == ["0A1", "A1", "a1"]


def test_a_row_that_the_reader_found_broken_holds_no_key(account):
    upload = import_rows(
        account, HEADER, [["A", "Fan", "1", "surplus"], ["A", "Fan"], ["A", "Fan", "2"]]
    )

    assert outcomes(upload) == {2: "failed", 3: "failed", 4: "created"}
    assert [(row, code) for row, _, _, code in issues(upload)] == [
        (2, "ragged_row"),
        (3, "ragged_row"),
    ]
    assert prices(account) == {"A": 2}


@IN_BATCHES
@DRY_OR_NOT
def test_an_ean_that_an_earlier_row_gave_a_stored_variant_repeats_that_row(
    account, batch_rows, dry_run
):
    import_rows(account, HEADER, [["A", "Fan", "10"]])

    upload = import_rows(
        account,
        ["SKU", "EAN", "Product Name", "Price"],
        [["A", EAN, "Fan", "10"], ["B", "", "Fan", "11"], ["", EAN, "Fan", "12"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
    )

    assert outcomes(upload) == {2: "updated", 3: "created", 4: "failed"}
    assert issues(upload) == [(4, "SKU", "A", "repeated_key")]
    assert messages(upload) == ["Row 2 of this file already has 'A'. Keep one of the two rows."]
