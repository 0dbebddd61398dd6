"""Keys that a spreadsheet has damaged are found out before they make variants."""

import pytest

from bulk_uploads.corrections.fixing import fix_rows
from bulk_uploads.corrections.retries import retry_upload
from bulk_uploads.services import cancel_upload
from tests.bulk_uploads.corrections.spreadsheets import downloaded, sent_again
from tests.factories.catalog import VariantFactory
from tests.imports import (
    catalog_of,
    counts,
    draft,
    import_bytes,
    import_rows,
    interrupted,
    issues,
    messages,
    outcomes,
    run_to_end,
)

HEADER = ["SKU", "Product Name"]
IN_BATCHES = pytest.mark.parametrize("batch_rows", [1, 2_000])
DRY_OR_NOT = pytest.mark.parametrize("dry_run", [False, True])


def skus(account):
    return [row["sku"] for row in catalog_of(account)["variants"]]


@pytest.mark.parametrize("key", ["1.22E+11", "1,22E+11", "1.22e+11"])
def test_a_shortened_number_is_an_issue_with_the_key_it_most_likely_was(account, key):
    import_rows(account, HEADER, [["122000456789", "Fan"], ["1220004567890", "Fan"]])

    upload = import_rows(account, HEADER, [[key, "Fan"]])

    assert issues(upload) == [(2, "SKU", key, "spreadsheet_damage")]
    assert messages(upload) == [
        f"'{key}' is a number that a spreadsheet shortened. Most likely it was '122000456789'. "
        "Format the column as text and enter the key again."
    ]
    assert skus(account) == ["122000456789", "1220004567890"]


@IN_BATCHES
@DRY_OR_NOT
def test_keys_that_became_one_text_are_not_said_to_repeat_each_other(account, batch_rows, dry_run):
    rows = [["1.22E+11", "Fan"], ["1.22E+11", "Lamp"], ["FAN-1", "Fan"], ["FAN-1", "Lamp"]]

    upload = import_rows(account, HEADER, rows, batch_rows=batch_rows, dry_run=dry_run)

    assert issues(upload) == [
        (2, "SKU", "1.22E+11", "spreadsheet_damage"),
        (3, "SKU", "1.22E+11", "spreadsheet_damage"),
        (5, "SKU", "FAN-1", "repeated_key"),
    ]


@IN_BATCHES
def test_a_variant_of_such_a_name_is_repeated_like_any(account, batch_rows):
    VariantFactory(account=account, sku="1.22E+11")

    upload = import_rows(
        account, HEADER, [["1.22E+11", "Fan"], ["1.22E+11", "Fan"]], batch_rows=batch_rows
    )

    assert issues(upload) == [(3, "SKU", "1.22E+11", "repeated_key")]


@pytest.mark.parametrize(
    "stored", [[], ["122000456789", "122000456780"], ["12200045678"], ["122ABCDEFGHI"]]
)
def test_where_no_key_or_several_fit_none_is_named(account, stored):
    if stored:
        import_rows(account, HEADER, [[sku, "Fan"] for sku in stored])

    upload = import_rows(account, HEADER, [["1.22E+11", "Fan"]])

    assert issues(upload) == [(2, "SKU", "1.22E+11", "spreadsheet_damage")]
    assert "Most likely" not in messages(upload)[0]


@IN_BATCHES
def test_only_keys_from_before_the_file_are_named(account, batch_rows):
    upload = import_rows(
        account, HEADER, [["122000456789", "Fan"], ["1.22E+11", "Fan"]], batch_rows=batch_rows
    )

    assert outcomes(upload) == {2: "created", 3: "failed"}
    assert "Most likely" not in messages(upload)[0]


def test_two_shortened_numbers_of_one_file_each_name_their_own(account):
    import_rows(account, HEADER, [["122000456789", "Fan"], ["5000000000001", "Fan"]])

    upload = import_rows(account, HEADER, [["1.22E+11", "Fan"], ["5E+12", "Fan"]])

    assert ["122000456789" in messages(upload)[0], "5000000000001" in messages(upload)[1]] == [
        True,
        True,
    ]


@IN_BATCHES
def test_a_number_without_the_zeros_of_a_stored_key_is_an_issue(account, batch_rows):
    import_rows(account, HEADER, [["000012345", "Fan"]])

    upload = import_rows(account, HEADER, [["12345", "Fan"]], batch_rows=batch_rows)

    assert issues(upload) == [(2, "SKU", "12345", "spreadsheet_damage")]
    assert messages(upload) == [
        "'12345' looks like the existing key '000012345' without its leading zeros. Format the "
        "column as text and enter the key again."
    ]
    assert skus(account) == ["000012345"]


@IN_BATCHES
@DRY_OR_NOT
def test_earlier_rows_of_the_file_are_siblings_too(account, batch_rows, dry_run):
    upload = import_rows(
        account,
        [*HEADER, "Price"],
        [["0042", "Fan", "1"], ["42", "Fan", "1"], ["0043", "Fan", "cheap"], ["43", "Fan", "1"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
    )

    assert outcomes(upload) == {2: "created", 3: "failed", 4: "failed", 5: "created"}
    assert [(row, code) for row, _, _, code in issues(upload)] == [
        (3, "spreadsheet_damage"),
        (4, "invalid_number"),
    ]


def test_keys_that_only_look_alike_are_taken(account):
    import_rows(account, HEADER, [["0042", "Fan"], ["A42", "Fan"]])

    upload = import_rows(account, HEADER, [["00042", "Fan"], ["42A", "Fan"], ["420", "Fan"]])

    assert counts(upload) == {"created": 3}


def test_a_stored_key_that_looks_damaged_is_updated_as_any_other(account):
    import_rows(account, HEADER, [["42", "Fan"], ["0042", "Fan"]])

    upload = import_rows(account, ["SKU", "Price"], [["42", "5"], ["0042", "6"]])

    assert counts(upload) == {"updated": 2}


def test_the_damage_of_one_row_is_told_with_its_other_problems(account):
    upload = import_rows(account, [*HEADER, "Price"], [["1.22E+11", "", "cheap"]])

    assert [(column, code) for _, column, _, code in issues(upload)] == [
        ("Price", "invalid_number"),
        ("SKU", "spreadsheet_damage"),
        ("Product Name", "required_to_create"),
    ]


@pytest.mark.parametrize("ean", ["4.00638E+12", "36000291452"])
def test_a_damaged_ean_is_told_from_a_wrong_one(account, ean):
    upload = import_rows(account, ["EAN", "Product Name"], [[ean, "Fan"]])

    assert issues(upload) == [(2, "EAN", ean, "spreadsheet_damage")]


@IN_BATCHES
@DRY_OR_NOT
def test_rows_of_a_file_that_no_spreadsheet_wrote_are_no_siblings(account, batch_rows, dry_run):
    content = b'{"SKU": "0042", "Product Name": "Fan"}\n{"SKU": "42", "Product Name": "Fan"}'

    upload = import_bytes(account, content, batch_rows=batch_rows, dry_run=dry_run)

    assert counts(upload) == {"created": 2}


@IN_BATCHES
def test_a_stored_key_is_a_sibling_whatever_the_file(account, batch_rows):
    import_rows(account, HEADER, [["0042", "Fan"]])
    content = b'{"SKU": "42", "Product Name": "Fan"}'

    upload = import_bytes(account, content, batch_rows=batch_rows)

    assert issues(upload) == [(2, "SKU", "42", "spreadsheet_damage")]


JSON_LINES = (
    b'{"SKU": "0042", "Product Name": "Fan", "Price": "1"}\n'
    b'{"SKU": "42", "Product Name": "Fan", "Price": "dear"}\n'
)
EXPORT = b"SKU,Product Name,Price,Export Marker v1\r\n0042,Fan,1,.\r\n42,Fan,dear,.\r\n"
FROM_NO_SPREADSHEET = pytest.mark.parametrize(
    "content", [JSON_LINES, EXPORT], ids=["JSON", "export"]
)


def fixed(upload, price):
    return run_to_end(fix_rows(upload=upload, changes={3: {2: price}}))


def corrected(upload, price):
    return sent_again(upload.account, downloaded(upload).replace(b"dear", price.encode(), 1))


@FROM_NO_SPREADSHEET
@pytest.mark.parametrize("send_again", [fixed, corrected])
def test_a_row_that_comes_back_has_the_key_that_its_first_file_gave_it(
    account, content, send_again
):
    upload = import_bytes(account, content)
    assert issues(upload) == [(3, "Price", "dear", "invalid_number")]

    child = send_again(upload, "2")

    assert issues(child) == []
    assert skus(account) == ["0042", "42"]


@FROM_NO_SPREADSHEET
def test_a_retry_takes_keys_for_what_they_are(account, content):
    upload = draft(account, content.replace(b"dear", b"2"))
    with interrupted(lambda batch: batch == 1 and cancel_upload(upload=upload)):
        upload = run_to_end(upload, batch_rows=1)
    assert counts(upload) == {"created": 1, "not_applied": 1}

    child = run_to_end(retry_upload(upload=upload))

    assert counts(child) == {"created": 1}
    assert skus(account) == ["0042", "42"]


def test_a_key_from_before_the_first_file_is_a_sibling_of_rows_that_come_back(account):
    import_rows(account, HEADER, [["00042", "Fan"]])
    upload = import_bytes(account, JSON_LINES)
    assert {code for *_, code in issues(upload)} == {"invalid_number", "spreadsheet_damage"}

    child = fixed(upload, "2")

    assert issues(child) == [(2, "SKU", "42", "spreadsheet_damage")]


def test_a_row_of_a_spreadsheet_that_comes_back_is_suspected_as_before(account):
    rows = [["0042", "Fan", "1"], ["42", "Fan", "dear"]]
    upload = import_rows(account, [*HEADER, "Price"], rows)

    child = fixed(upload, "2")

    assert issues(child) == [(2, "SKU", "42", "spreadsheet_damage")]
    assert skus(account) == ["0042"]
