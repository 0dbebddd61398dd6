"""Empty files: the right header, explained, and nothing in them to import."""

import io

import openpyxl
import pytest

from bulk_uploads.processors import registered_processors
from bulk_uploads.template_files import TemplateFormat, template_file
from tests.factories.accounts import AccountFactory
from tests.imports import import_bytes, import_rows

pytestmark = pytest.mark.django_db
EXPLAINED = [p for p in registered_processors() if p.name != "file_content_echo_processor"]


def name_of(processor):
    return processor.name


@pytest.mark.parametrize("format", TemplateFormat)
@pytest.mark.parametrize("processor", EXPLAINED, ids=name_of)
def test_an_empty_file_has_a_right_header_and_no_rows(processor, format):
    account = AccountFactory.create()
    content = template_file(processor.template(account_id=account.pk), format)

    upload = import_bytes(account, content, processor_name=processor.name)

    assert upload.output is not None
    assert upload.output["code"] == "no_data_rows"
    assert (upload.extradata or {}).get("ignored_headers", []) == []


@pytest.mark.parametrize("processor", EXPLAINED, ids=name_of)
def test_every_column_is_explained(processor):
    columns = processor.template(account_id=AccountFactory.create().pk)

    assert all(column.meaning for column in columns)
    # What a spreadsheet shows beside a cell.
    assert max(len(column.meaning) for column in columns) <= 255
    assert any(column.needed for column in columns)


def test_the_examples_of_a_catalog_file_can_be_imported():
    account = AccountFactory.create()
    [catalog] = [p for p in EXPLAINED if p.name == "catalog_csv_upload_processor"]
    columns = catalog.template(account_id=account.pk)

    upload = import_rows(account, [c.header for c in columns], [[c.example for c in columns]])

    assert (upload.created_rows, upload.warnings) == (1, 0)


def test_the_accounts_own_columns_are_in_it():
    account = AccountFactory.create()
    own = ["Variant#; sweep size(mm)", "Property Set List #; Features"]
    own.append("Property Set Table #; details #; speed(rpm)")
    import_rows(account, ["SKU", "Product Name", *own], [["A", "Fan", "1", "x", "2"]])
    [catalog] = [p for p in EXPLAINED if p.name == "catalog_csv_upload_processor"]

    columns = {c.header: c.meaning for c in catalog.template(account_id=account.pk)}

    assert columns["Variant#; sweep size(mm)"] == "Attribute “sweep size” in mm."
    assert columns["Property Set List #; Features"].startswith("Items of the list “Features”.")
    assert columns[own[2]].startswith("Line “speed” in rpm of the table “details”.")


def test_a_workbook_explains_its_columns_where_they_are_filled_in_and_on_a_sheet():
    [catalog] = [p for p in EXPLAINED if p.name == "catalog_csv_upload_processor"]
    columns = catalog.template(account_id=AccountFactory.create().pk)

    content = template_file(columns, TemplateFormat.XLSX)
    table, meanings = openpyxl.load_workbook(io.BytesIO(content)).worksheets

    assert (table.title, meanings.title) == ("To fill in", "What the columns mean")
    assert [cell.value for cell in table[1]] == [column.header for column in columns]
    assert table.max_row == 1
    prompts = [rule.prompt for rule in table.data_validations.dataValidation]
    assert prompts == [column.meaning for column in columns]
    assert [cell.value for cell in meanings["A"]] == ["Column", *(c.header for c in columns)]
    assert meanings["B5"].value == "Yes"
