"""A correction file is what the uploader's own file was: format, encoding, delimiter, line ends."""

import io
import json

import openpyxl
import pytest
import xlsxwriter

from bulk_uploads.corrections.correction_file import correction_file
from bulk_uploads.errors import NotEnded, NothingToCorrect
from bulk_uploads.models import BulkUpload
from tests.bulk_uploads.corrections.spreadsheets import (
    corrected_csv,
    corrected_workbook,
    csv_table,
    downloaded,
    sent_again,
)
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.imports import catalog_of, counts, draft, import_bytes, import_rows, messages, outcomes

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price", "Tags"]
TEXTS = ["SKU", "Product Name", "Price", "Description"]
ROWS = [["A", "Fän", "1", "New"], ["B", "Fän", "dear", "x;y\nz"], ["C", "Lamp", "cheap", ""]]


@pytest.fixture
def account():
    return AccountFactory.create()


def made(upload):
    found = correction_file(BulkUpload.objects.with_file().get(pk=upload.pk))
    found.content.close()
    return found.name, found.content_type


def cure(cells):
    cells["Price"] = "7"


FORMS = {
    "windows": (",", "\r\n", "utf-8"),
    "unix": (",", "\n", "utf-8"),
    "old-mac": (",", "\r", "cp1252"),
    "german-excel": (";", "\r\n", "cp1252"),
    "unicode-text": ("\t", "\r\n", "utf-16"),
    "with-a-mark": ("|", "\n", "utf-8-sig"),
}


@pytest.mark.parametrize(("delimiter", "line_end", "encoding"), FORMS.values(), ids=FORMS)
def test_delimited_text_keeps_its_form(account, delimiter, line_end, encoding):
    # UTF-8 always gets a byte order mark.
    written = "utf-8-sig" if encoding == "utf-8" else encoding
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in [TEXTS, *ROWS]]
    upload = import_bytes(account, line_end.join(lines).encode(encoding))
    assert counts(upload) == {"created": 1, "failed": 2}

    content = downloaded(upload)

    header, *rows = csv_table(content, encoding=written, delimiter=delimiter)
    assert header[:5] == [*TEXTS, "Errors"]
    assert [row[:4] for row in rows] == ROWS[1:]
    text = content.decode(written)
    assert text.count(line_end) >= 3
    assert ("\r" in text) == ("\r" in line_end)
    ending, kind = (".tsv", "tab-separated-values") if delimiter == "\t" else (".csv", "csv")
    name, content_type = made(upload)
    assert name == f"catalog - corrections{ending}"
    assert content_type.startswith(f"text/{kind}; charset=")
    corrected = content.decode(written).replace("dear", "7").replace("cheap", "8").encode(written)
    assert counts(sent_again(account, corrected)) == {"created": 2}


def workbook(rows):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Summer 1")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def test_a_workbook_has_the_offending_cells_coloured_and_commented(account):
    rows = [HEADER, ["A", "Fan", 1, "x"], ["007", "=Fan", "dear", "y"], ["C", "Lamp", -5, ""]]
    upload = import_bytes(account, workbook(rows))
    assert outcomes(upload) == {2: "created", 3: "failed", 4: "failed"}

    content = downloaded(upload)

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.title == "Summer 1"
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]][:5] == [*HEADER, "Errors"]
    assert [cell.value for cell in sheet[2]][:4] == ["007", "'=Fan", "dear", "y"]
    assert [cell.value for cell in sheet[2]][5] == 3
    assert {cell.data_type for cell in sheet[2][:5]} == {"s"}
    assert {cell.number_format for cell in sheet[2][:5]} == {"@"}
    assert sheet["C2"].fill.fgColor.rgb == "00FFC7CE"
    assert sheet["A2"].fill.fill_type is None
    first, second = messages(upload)
    assert sheet["C2"].comment.text == first
    assert sheet["C3"].comment.text == second
    assert sheet["E2"].value == f"Price: {first}"
    assert sheet["C3"].value == "-5"
    assert made(upload)[0] == "catalog - corrections.xlsx"

    child = sent_again(account, corrected_workbook(content, cure))

    assert outcomes(child) == {2: "created", 3: "created"}
    assert [product[1] for product in catalog_of(account)["products"]] == ["=Fan", "Fan", "Lamp"]
    assert child.parent_id == upload.pk


def test_a_workbook_too_large_to_wait_for_is_text(account, monkeypatch):
    monkeypatch.setattr("bulk_uploads.corrections.correction_file.MOST_ROWS_OF_WORKBOOK", 1)
    upload = import_bytes(account, workbook([HEADER, *[[n, "Fan", "dear", ""] for n in "AB"]]))

    content = downloaded(upload)

    assert made(upload)[0] == "catalog - corrections.csv"
    assert counts(sent_again(account, corrected_csv(content, cure))) == {"created": 2}


def test_a_workbook_may_come_back_as_text(account):
    rows = [HEADER, ["A", "Fan", "dear", "x"]]
    upload = import_bytes(account, workbook(rows))
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(upload))).active
    lines = [";".join(str(cell.value or "") for cell in row) for row in sheet.iter_rows()]

    child = sent_again(account, "\r\n".join(lines).replace("dear", "7", 1).encode())

    assert (child.parent_id, outcomes(child)) == (upload.pk, {2: "created"})


OBJECTS = [
    {"SKU": "A", "Product Name": "Fan", "Price": 1, "variant": {"color": "red"}},
    {"SKU": "=B", "Product Name": "Fan", "Price": "dear", "Tags": ["x", "y"]},
]


@pytest.mark.parametrize("form", ["array", "data", "lines"])
def test_json_stays_json_and_its_texts_are_as_they_were(account, form):
    lines = "\n".join(json.dumps(each) for each in OBJECTS)
    text = {"array": json.dumps(OBJECTS, indent=1), "data": json.dumps({"data": OBJECTS})}
    upload = import_bytes(account, text.get(form, lines).encode())
    assert outcomes(upload) == {2: "created", 3: "failed"}

    content = downloaded(upload)

    found = [json.loads(content)] if form == "lines" else json.loads(content)
    assert content.startswith(b"{" if form == "lines" else b"[")
    (row,) = found
    assert row["SKU"] == "=B"
    assert row["Tags"] == "x#;y"
    assert row["Errors"] == f"Price: {messages(upload)[0]}"
    assert made(upload)[0].endswith(".jsonl" if form == "lines" else ".json")
    row["Price"] = 5
    child = sent_again(account, json.dumps(found).encode())
    assert outcomes(child) == {2: "created"}
    assert child.parent_id == upload.pk


def test_a_row_the_reader_could_not_take_is_cut_to_the_header_and_says_what_was_there(account):
    upload = import_bytes(account, b"SKU,Product Name,Price\nA,Fan,1,lost\nB,Fan,2\n")

    header, row = csv_table(downloaded(upload))

    assert row[:3] == ["A", "Fan", "1"]
    assert "found 4" in row[header.index("Errors")]


def test_a_column_of_the_uploaders_own_named_errors_stays_theirs(account):
    upload = import_rows(account, [*HEADER, "Errors"], [["A", "Fan", "dear", "", "mine"]])
    content = downloaded(upload)
    assert csv_table(content)[0][4:6] == ["Errors", "Errors found"]

    child = sent_again(account, corrected_csv(content, cure))

    assert child.header == [*HEADER, "Errors"]
    assert outcomes(child) == {2: "created"}


def test_a_file_name_leads_nowhere(account):
    upload = import_rows(account, HEADER, [["A", "Fan", "dear", ""]])
    upload.file.name = '..\\..\\etc/pass"wd\r\n.csv'
    upload.file.save()

    name, _ = made(upload)

    assert name == "pass wd - corrections.csv"


def test_there_is_none_while_the_upload_runs_or_where_nothing_failed(account):
    running = draft(account, b"SKU,Product Name\nA,Fan\n")
    with pytest.raises(NotEnded):
        correction_file(running)
    done = BulkUploadFactory.create(succeeded=True, account=account, total_rows=1, created_rows=1)
    with pytest.raises(NothingToCorrect):
        correction_file(done)


def test_many_failed_rows_come_in_their_order(account):
    rows = [[f"S{n}", "Fan", "dear", ""] for n in range(1203)]
    upload = import_rows(account, HEADER, rows)

    _, *found = csv_table(downloaded(upload))

    assert [row[0] for row in found] == [row[0] for row in rows]
    assert [row[5] for row in found] == [str(number) for number in range(2, 1205)]
