"""A header that cannot be worked with fails the upload before any row is touched."""

import pytest

from tests.catalog.importing.stored import details
from tests.imports import catalog_of, counts, import_bytes, import_rows, issues, messages


def ended(upload):
    return upload.status, upload.output["code"], counts(upload)


def test_unknown_headers_are_reported_once_with_the_nearest_known_one(account):
    upload = import_rows(
        account, ["SKU", "Product Name", "Prise", "Zzz"], [["A", "Fan", "1", "2"]], batch_rows=1
    )

    assert ended(upload) == ("success", "completed", {"created": 1})
    assert upload.warnings == 2
    assert issues(upload) == [
        (1, "Prise", "Prise", "ignored_header"),
        (1, "Zzz", "Zzz", "ignored_header"),
    ]
    assert messages(upload) == [
        "Column 'Prise' is not known, so it is left out. Did you mean 'Price'?",
        "Column 'Zzz' is not known, so it is left out.",
    ]
    assert upload.extradata["ignored_headers"] == ["Prise", "Zzz"]
    assert details(account, "A")["price"] is None


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"on_error": "abort"}])
def test_a_missing_key_column_fails_the_upload(account, options):
    upload = import_rows(account, ["Product Name", "Price"], [["Fan", "1"]], **options)

    assert ended(upload) == ("failure", "missing_key_column", {"not_applied": 1})
    assert issues(upload) == [(1, "SKU", "SKU", "missing_key_column")]
    assert upload.output["message"] == (
        "No column identifies the variants: a 'SKU' or an 'EAN' column is needed. "
        "Found: 'Product Name', 'Price'. If one of them is it, map it to sku or ean."
    )
    assert not any(catalog_of(account).values())


def test_a_repeated_header_fails_the_upload(account):
    upload = import_rows(
        account, ["SKU", "Product Name", "Price", "price"], [["A", "Fan", "1", "2"]]
    )

    assert ended(upload) == ("failure", "repeated_header", {"not_applied": 1})
    assert not any(catalog_of(account).values())


def test_several_things_wrong_with_a_header_are_one_failure(account):
    upload = import_rows(account, ["Price", "price", "Zzz"], [["1", "2", "3"]])

    assert ended(upload) == ("failure", "wrong_header", {"not_applied": 1})
    assert [issue[3] for issue in issues(upload)] == [
        "ignored_header",
        "repeated_header",
        "missing_key_column",
    ]
    assert upload.warnings == 1


def test_a_mapping_names_the_files_own_columns(account):
    upload = import_rows(
        account,
        ["Artikel", "Titre", "Prix", "Farbe"],
        [["A", "Fan", "10", "red"]],
        mapping={
            "Artikel": "sku",
            "Titre": "title",
            "Prix": "price",
            "Farbe": "Variant #; color",
        },
    )

    assert ended(upload) == ("success", "completed", {"created": 1})
    stored = details(account, "A")
    assert (stored["product"], stored["price"], stored["attributes"]) == (
        "Fan",
        10,
        {"color": "red"},
    )


def test_definitions_of_mapped_columns_remember_the_headers_that_need_no_mapping(account):
    import_rows(
        account,
        ["SKU", "Product Name", "Farbe", "Tempo", "Vorteile", "Bilder"],
        [["A", "Fan", "red", "220", "quiet", "https://a.example/1"]],
        mapping={
            "Farbe": "Variant #; color",
            "Tempo": "Property Set Table #; details #; speed(rpm)",
            "Vorteile": "Property Set List #; Features",
            "Bilder": "Property Set Media #; Gallery",
        },
    )

    catalog = catalog_of(account)
    assert catalog["attributes"] == [("color", "", 0, "Variant #; color")]
    assert [header for *_, header in catalog["sets"]] == [
        "Property Set Table #; details",
        "Property Set List #; Features",
        "Property Set Media #; Gallery",
    ]
    assert [header for *_, header in catalog["entries"]] == [
        "Property Set Table #; details #; speed(rpm)"
    ]


def test_an_issue_of_a_mapped_column_names_the_files_own_header(account):
    upload = import_rows(
        account,
        ["SKU", "Product Name", "Prix"],
        [["A", "Fan", "cheap"]],
        mapping={"Prix": "price"},
    )

    assert issues(upload) == [(2, "Prix", "cheap", "invalid_number")]


def test_a_mapping_of_a_column_that_is_not_there_fails_the_upload(account):
    upload = import_rows(
        account, ["SKU", "Product Name"], [["A", "Fan"]], mapping={"Prix": "price"}
    )

    assert ended(upload) == ("failure", "mapping_column_missing", {"not_applied": 1})
    assert not any(catalog_of(account).values())


def test_a_file_with_a_header_alone_fails_with_no_data_rows(account):
    upload = import_rows(account, ["SKU", "Product Name", "Variant #; color"], [])

    assert ended(upload) == ("failure", "no_data_rows", {})
    assert upload.output["message"] == "The file has a header but no data rows."
    assert not any(catalog_of(account).values())


def test_a_file_of_blank_rows_fails_with_no_data_rows(account):
    upload = import_bytes(account, b"SKU,Product Name\n,\n\n , \n")

    assert ended(upload) == ("failure", "no_data_rows", {})
    assert upload.output["message"] == "The file has a header and 3 rows, all blank."
    assert upload.blank_rows == 3


def test_columns_may_stand_in_any_order(account):
    import_rows(account, ["Price", "Product Name", "SKU"], [["10", "Fan", "A"]])

    upload = import_rows(account, ["SKU", "Product Name", "Price"], [["A", "Fan", "10"]])

    assert counts(upload) == {"unchanged": 1}


def test_the_header_may_stand_below_blank_lines(account):
    upload = import_bytes(account, b"\n\nSKU,Product Name,Zzz\nA,Fan,1\n")

    assert counts(upload) == {"created": 1}
    assert issues(upload) == [(3, "Zzz", "Zzz", "ignored_header")]
    assert list(upload.row_results.values_list("row", flat=True)) == [4]
