"""The option `mapping`: checked where an upload is created, also by the name of a saved one."""

import pytest

from bulk_uploads.column_targets import OffersTargets
from bulk_uploads.errors import InvalidOptions
from bulk_uploads.models import BulkUpload
from bulk_uploads.processors import processor_named
from bulk_uploads.services import run_dry_run
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import SavedMappingFactory
from tests.imports import CATALOG, counts, csv_bytes, draft, import_rows, issues

pytestmark = pytest.mark.django_db

FILE = csv_bytes(["Artikel", "Preis", "Name"], [["A", "10", "Fan"]])


@pytest.fixture
def account():
    return AccountFactory()


def refused(account, mapping):
    with pytest.raises(InvalidOptions) as caught:
        draft(account, FILE, mapping=mapping)
    assert BulkUpload.objects.count() == 0
    return caught.value.errors["mapping"]


def test_all_that_is_wrong_with_a_mapping_is_named_in_one_answer(account):
    known, *others = refused(
        account,
        {"Artikel": "skuu", "Preis": "Prise", "a": "title", "b": "Product Name", "c": "price"},
    )

    assert known.startswith("The mapping sends column 'Artikel' to 'skuu', which is no field.")
    assert "Did you mean 'sku'?" in known
    assert [other.split(" Fields")[0] for other in others] == [
        "The mapping sends column 'Preis' to 'Prise', which is no field. Did you mean 'price'?",
        "The mapping sends columns 'a' and 'b' to one field: title. Keep one of them.",
        # And what is wrong with it for this file.
        "The mapping names a column 'a', which the file does not have.",
        "The mapping names a column 'b', which the file does not have.",
        "The mapping names a column 'c', which the file does not have.",
        "No column identifies the variants: a 'SKU' or an 'EAN' column is needed. Found: "
        "'Artikel', 'Preis', 'Name'. If one of them is it, map it to sku or ean.",
    ]


def test_a_wrong_mapping_of_a_file_that_cannot_be_read_is_refused_for_itself(account):
    with pytest.raises(InvalidOptions) as caught:
        draft(account, b"%PDF-1.7", mapping={"Artikel": "skuu"})

    assert len(caught.value.errors["mapping"]) == 1


def test_one_column_is_never_two_of_the_mappings(account):
    twice, *_ = refused(account, {"Name": "title", " Name": "tags"})
    assert twice == "names the column 'Name' twice."

    upload = import_rows(
        account, ["EAN", "Product Name"], [["A", "Fan"]], mapping={"ean": "sku", "EAN": "ean"}
    )

    assert upload.output["code"] == "mapping_column_missing"
    assert issues(upload) == [(1, "ean", "ean", "mapping_column_missing")]


def test_a_column_can_be_left_out_on_purpose(account):
    upload = import_rows(
        account,
        ["SKU", "Product Name", "Price", "Internal"],
        [["A", "Fan", "10", "x"]],
        mapping={"Price": None, "Internal": ""},
    )

    assert upload.options["mapping"] == {"Price": "", "Internal": ""}
    assert (counts(upload), issues(upload)) == ({"created": 1}, [])
    assert upload.extradata["ignored_headers"] == ["Price", "Internal"]


def test_columns_are_found_whatever_their_case_and_spacing(account):
    upload = import_rows(
        account,
        ["artikel nr", "NAME"],
        [["A", "Fan"]],
        mapping={"Artikel Nr": "sku", "Name": "title"},
    )

    assert counts(upload) == {"created": 1}


def test_a_field_and_a_column_that_are_unknown_and_no_key_are_one_failure(account):
    upload = import_rows(account, ["Preis"], [["10"]], mapping={"Prix": "price", "Preis": "tags"})

    assert upload.output["code"] == "wrong_header"
    assert [issue[3] for issue in issues(upload)] == [
        "mapping_column_missing",
        "missing_key_column",
    ]


def test_a_saved_mapping_is_taken_by_its_name(account):
    saved = SavedMappingFactory(
        account=account,
        name="Müller GmbH",
        mapping={"Artikel": "sku", "Preis": "price", "Name": "title"},
    )

    upload = draft(account, FILE, mapping="müller gmbh")

    assert upload.saved_mapping == saved
    assert upload.options == {"mapping": {"Artikel": "sku", "Preis": "price", "Name": "title"}}


def test_a_name_that_is_not_saved_is_refused_with_those_that_are(account):
    SavedMappingFactory(account=account, name="Ours")
    SavedMappingFactory(account=account, name="Stock", processor_name="other_processor")
    SavedMappingFactory(name="Theirs")

    assert refused(account, "Theirs") == [
        "There is no saved mapping 'Theirs' for such files. Saved are: 'Ours'."
    ]
    assert len(refused(account, "Stock")) == 1


def test_what_a_saved_mapping_says_later_changes_no_upload(account):
    saved = SavedMappingFactory(account=account, name="M", mapping={"Artikel": "sku"})
    upload = draft(account, FILE, mapping="M")

    saved.mapping = {"Artikel": "ean"}
    saved.save()

    upload.refresh_from_db()
    assert upload.options == {"mapping": {"Artikel": "sku"}}


def test_a_column_that_the_supplier_dropped_is_a_warning_with_a_saved_mapping(account):
    mapping = {"Artikel": "sku", "Name": "title", "Preis": "price"}
    SavedMappingFactory(account=account, name="M", mapping=mapping)
    rows = (["Artikel", "Name"], [["A", "Fan"]])

    inline = import_rows(account, *rows, mapping=mapping)
    by_name = import_rows(account, *rows, mapping="M")

    assert (inline.status, inline.output["code"]) == ("failure", "mapping_column_missing")
    assert (by_name.status, counts(by_name)) == ("success", {"created": 1})
    assert issues(by_name) == [(1, "Preis", "Preis", "mapping_column_missing")]


def test_the_import_of_a_dry_run_is_given_with_the_same_mapping(account):
    mapping = {"Artikel": "sku", "Name": "title", "Preis": "price"}
    saved = SavedMappingFactory(account=account, name="M", mapping=mapping)
    checked = import_rows(account, ["Artikel", "Name"], [["A", "Fan"]], mapping="M", dry_run=True)

    real = run_dry_run(upload=checked)

    assert (real.saved_mapping, real.options["mapping"]) == (saved, mapping)


@pytest.mark.parametrize("name", [CATALOG, "product_catalog_stock_csv_upload_processor"])
def test_processors_with_mappings_offer_what_columns_can_become(account, name):
    """They are asked for by what they can do, and not by name: one method less is none at all."""
    processor = processor_named(name)

    assert isinstance(processor, OffersTargets)
    groups = processor.targets(account=account)
    labels = [target.label for group in groups for target in group.targets]
    assert processor.label_of("sku") == "SKU"
    assert "SKU" in labels
