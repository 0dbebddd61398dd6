"""What differs in a file's header since the supplier's last file is said, and fails nothing."""

import pytest

from bulk_uploads.header_drift import compare, telling_name
from bulk_uploads.models import BulkUpload, UploadedFile
from bulk_uploads.services import run_dry_run
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import SavedMappingFactory
from tests.imports import counts, csv_bytes, draft, issues, messages, run_to_end

pytestmark = pytest.mark.django_db

LAST = ["SKU", "Product Name", "Price", "Description", "Variant #; color"]
NOW = ["SKU", "product name", "Price", "Variant #; colour", "Tax Rate"]


@pytest.fixture
def account():
    return AccountFactory()


def give(account, header, *, name="havells.csv", rows=None, **options):
    """Upload a file of this name and header with one row."""
    cells = rows or [[f"{column[:3]}{len(header)}" for column in header]]
    for row in cells:
        if "Price" in header:
            row[header.index("Price")] = "10"
    upload = draft(account, csv_bytes(header, cells), **options)
    UploadedFile.objects.filter(pk=upload.file_id).update(name=name)
    return run_to_end(upload)


def drift(upload):
    return [issue for issue in issues(upload) if issue[3].startswith("column_")]


def test_new_missing_and_renamed_columns_are_warnings_at_the_header(account):
    last = give(account, LAST, name="Havells products 2024-02.csv")

    upload = give(account, NOW, name="havells_products_2024-03 (1).csv")

    assert (upload.status, counts(upload)) == ("success", {"updated": 1})
    assert drift(upload) == [
        (1, "Variant #; colour", "", "column_renamed"),
        (1, "Description", "", "column_missing"),
        (1, "Tax Rate", "", "column_new"),
    ]
    assert upload.warnings == 3
    name = f"upload {last.pk} (Havells products 2024-02.csv)"
    assert messages(upload) == [
        f"Column 'Variant #; color' of {name} looks renamed to 'Variant #; colour'.",
        f"Missing since {name}: 'Description'. What they filled stays as it is.",
        f"New since {name}: 'Tax Rate'.",
    ]
    assert upload.extradata["header_drift"] == {
        "since_upload": last.pk,
        "file_name": "Havells products 2024-02.csv",
        "new": ["Tax Rate"],
        "missing": ["Description"],
        "renamed": [["Variant #; color", "Variant #; colour"]],
    }


def test_the_same_columns_in_another_order_are_no_drift(account):
    give(account, LAST)

    assert drift(give(account, [name.upper() for name in reversed(LAST[:4])] + LAST[4:])) == []


@pytest.mark.parametrize(
    "name", ["bajaj.csv", "catalog.csv", "2024-03.csv"], ids=["other", "generic", "numbers"]
)
def test_files_of_other_hands_are_not_compared(account, name):
    give(account, LAST, name="havells.csv")
    give(account, LAST, name="catalog.csv")

    assert drift(give(account, NOW, name=name)) == []


def test_a_file_of_mostly_other_columns_is_another_kind_of_file(account):
    give(account, LAST)

    assert drift(give(account, ["SKU", "Price", "Product Name", "a", "b", "c", "d", "e"])) == []


def test_another_accounts_file_is_never_compared(account):
    give(AccountFactory(), LAST)

    assert drift(give(account, NOW)) == []


def test_files_of_one_saved_mapping_are_compared_whatever_their_name(account):
    mapping = {"Artikel": "sku", "Titel": "title", "Preis": "price"}
    SavedMappingFactory(account=account, name="Acme", mapping=mapping)
    rows = [["A", "Fan", "10"]]
    give(account, ["Artikel", "Titel", "Preis"], name="1.csv", rows=rows, mapping="acme")

    upload = give(account, ["Artikel", "Titel", "Netto"], name="2.csv", rows=rows, mapping="acme")

    assert (upload.status, counts(upload)) == ("success", {"unchanged": 1})
    assert drift(upload) == [
        (1, "Preis", "", "column_missing"),
        (1, "Netto", "", "column_new"),
    ]


def test_an_import_says_the_same_as_its_dry_run(account):
    give(account, LAST)
    checked = give(account, NOW, dry_run=True)

    real = run_to_end(run_dry_run(upload=checked))

    assert drift(real) == drift(checked)
    assert len(drift(real)) == 3


def test_an_all_or_nothing_upload_counts_it_once(account):
    give(account, LAST)

    upload = give(account, NOW, on_error="abort")

    assert (upload.status, upload.warnings) == ("success", 3)


def test_an_upload_that_failed_is_not_what_one_compares_with(account):
    give(account, LAST)
    failed = give(account, [*NOW, "SKU"])
    assert failed.status == "failure"

    assert drift(give(account, LAST)) == []
    assert BulkUpload.objects.count() == 3


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("Havells_products 2024-03 (2).csv", "havells"),
        ("catalog_export_final.xlsx", ""),
        ("Müller Preise neu.csv", "müller preise neu"),
        ("2024.csv", ""),
    ],
)
def test_the_telling_part_of_a_file_name(file_name, expected):
    assert telling_name(file_name) == expected


def test_headers_are_compared_without_case_and_spacing():
    assert compare(before=["SKU", "Net  Price", ""], after=["sku", "NetPrice"]) == ([], [], [])
