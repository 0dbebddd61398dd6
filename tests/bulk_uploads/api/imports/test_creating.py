"""POST /imports: what is answered, what is stored, and what is refused with nothing stored."""

import json
import re

import pytest
from django.test import Client

from accounts.scopes import Scope
from bulk_uploads.models import BulkUpload, UploadedFile
from tests.api_client import failure, program
from tests.bulk_uploads.api.imports.conftest import Importer, upload_of
from tests.bulk_uploads.readers.workbooks import workbook

MAPPING = '{"EAN":"ean","Titre":"title","Prix":"price"}'
CONTENT = b"EAN,Titre,Prix\n4006381333931,Crayon,1.50\n"
OBJECTS = b'[{"ean": "4006381333931", "title": "Crayon"}]'


def nothing_is_stored(private_files) -> bool:
    files = [path for path in private_files.rglob("*") if path.is_file()]
    return not (files or BulkUpload.objects.exists() or UploadedFile.objects.exists())


def test_a_created_import_is_answered_in_the_documented_shape(importer):
    answer = importer.post(CONTENT, format="csv", mapping=MAPPING)

    assert answer.status_code == 201
    body = answer.json()
    assert body == {
        "id": body["id"],
        "status": "pending",
        "format": "csv",
        "total_rows": 0,
        "created_at": body["created_at"],
    }
    assert list(body) == ["id", "status", "format", "total_rows", "created_at"]
    assert re.fullmatch(r"imp_[0-7][0-9A-HJKMNP-TV-Z]{25}", body["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["created_at"])


def test_an_import_is_a_bulk_upload_too(one_importer):
    body = one_importer.post(CONTENT, mapping=MAPPING, update_existing="false").json()

    upload = upload_of(body["id"])
    assert (upload.account, upload.token) == (one_importer.account, one_importer.token)
    assert upload.processor_name == "catalog_csv_upload_processor"
    assert upload.options == {"mapping": json.loads(MAPPING), "update_existing": False}
    listed = one_importer.client.get("/api/platform/v1/bulk_uploads").json()["data"]
    assert [row["id"] for row in listed] == [str(upload.uuid)]


def test_a_catalog_upload_is_an_import_too(one_importer):
    given = one_importer.post(CONTENT, mapping=MAPPING).json()
    upload = upload_of(given["id"])
    BulkUpload.objects.filter(pk=upload.pk).update(token=None)

    assert one_importer.import_(given["id"])["id"] == given["id"]


@pytest.mark.parametrize(
    ("content", "name", "format"),
    [
        (CONTENT, "catalog.csv", "csv"),
        (b"ean\ttitle\n4006381333931\tCrayon\n", "catalog.tsv", "csv"),
        (workbook(["EAN", "Product Name"], ["4006381333931", "Crayon"]), "catalog.csv", "xlsx"),
        (OBJECTS, "catalog.txt", "json"),
        (OBJECTS[1:-1] + b"\n", "catalog.jsonl", "json"),
    ],
    ids=["csv", "tsv", "xlsx", "json", "json lines"],
)
def test_the_format_is_told_from_the_content(one_importer, content, name, format):
    answer = one_importer.post(content, name=name)

    assert answer.status_code == 201, answer.content
    assert answer.json()["format"] == format
    assert one_importer.post(content, name=name, format=format.upper()).status_code == 201


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "json",
            "The file is CSV and not JSON. Say so, or leave the format out: it is told from the "
            "content.",
        ),
        ("yaml", "Must be one of: csv, xlsx, json."),
    ],
)
def test_a_format_that_the_file_does_not_have_is_refused(
    one_importer, private_files, given, message
):
    answer = one_importer.post(CONTENT, format=given, mapping=MAPPING)

    assert answer.status_code == 422
    assert answer.json() == failure("format", message)
    assert nothing_is_stored(private_files)


def test_everything_wrong_with_a_mapping_is_named_in_one_answer(importer, private_files):
    mapping = '{"Titre": "tytle", "Prix": "price", "PVP": "price", "Poids": "weight"}'

    answer = importer.post(b"Titre,Prix,PVP,EAN8\nCrayon,1,2,3\n", mapping=mapping)

    assert answer.status_code == 422
    body = answer.json()
    assert body["status"] == "failure"
    assert [fault["attribute_name"] for fault in body["data"]] == ["mapping"]
    messages = body["data"][0]["messages"]
    said = " ".join(messages)
    assert len(messages) == len(set(messages))
    assert "sends columns 'Prix' and 'PVP' to one field: price." in said
    assert "'Titre' to 'tytle', which is no field" in said
    assert "a column 'Poids', which the file does not have" in said
    assert "a 'SKU' or an 'EAN' column is needed" in said
    assert nothing_is_stored(private_files)


def test_a_column_can_be_left_out_on_purpose(one_importer):
    mapping = '{"EAN": "ean", "Titre": "title", "Prix": null}'

    assert one_importer.post(CONTENT, mapping=mapping).status_code == 201
    assert BulkUpload.objects.get().options["mapping"]["Prix"] == ""


def test_a_file_without_a_key_column_is_refused_at_once(importer, private_files):
    answer = importer.post(b"Titre,Prix\nCrayon,1\n")

    assert answer.status_code == 422
    assert answer.json() == failure(
        "file",
        "No column identifies the variants: a 'SKU' or an 'EAN' column is needed. "
        "Found: 'Titre', 'Prix'. If one of them is it, map it to sku or ean.",
    )
    assert nothing_is_stored(private_files)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("{", "Malformed JSON: "),
        ("[1]", 'Must be a JSON object such as {"EAN": "ean"}'),
        ('{"EAN": "\\u0000"}', "Must not contain the character NUL"),
        ('{"EAN": 5}', "Must name a field for each column, as text."),
        ("{}", "Must be an object of file columns and the fields they become."),
    ],
)
def test_a_mapping_that_is_none_is_refused(one_importer, private_files, mapping, message):
    answer = one_importer.post(CONTENT, mapping=mapping)

    assert answer.status_code == 422
    (fault,) = answer.json()["data"]
    assert fault["attribute_name"] == "mapping"
    assert fault["messages"][0].startswith(message)
    assert nothing_is_stored(private_files)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty. Choose the file that holds the rows."),
        (
            b"%PDF-1.7 and more",
            "“catalog.csv” is a PDF document. Save the table as XLSX or CSV (UTF-8) and upload "
            "that file.",
        ),
        (b"\n\n", "The file holds only blank rows; a header is needed."),
    ],
    ids=["empty", "pdf", "blank"],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(
    one_importer, private_files, content, message
):
    answer = one_importer.post(content)

    assert answer.status_code == 422
    assert answer.json() == failure("file", message)
    assert nothing_is_stored(private_files)


def test_a_large_file_is_taken_by_its_first_bytes(one_importer, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    rows = b"4006381333931,Crayon,1.50\n" * 60_000
    header = b"EAN,Titre,Prix\n"

    taken = one_importer.post(header + rows, mapping=MAPPING)
    refused = one_importer.post(header + rows, mapping='{"EAN": "eam"}')

    assert len(header + rows) > 1024 * 1024
    assert (taken.status_code, refused.status_code) == (201, 422)


def test_what_shows_only_while_the_whole_file_is_read_ends_the_import(importer):
    objects = [{"titre": f"Crayon {number}", "text": "x" * 1000} for number in range(600)]

    id = importer.run(json.dumps(objects).encode(), mapping='{"titre": "title"}')

    assert importer.import_(id)["status"] == "failed"
    (error,) = importer.errors(id)["data"]
    assert (error["row"], error["ean"], error["error"]) == (1, None, "missing_key_column")
    assert "a 'SKU' or an 'EAN' column is needed" in error["message"]


def test_a_request_without_a_file_is_refused(importer):
    answer = importer.client.post(importer.path, {"format": "csv"})

    assert answer.status_code == 422
    assert answer.json() == failure("file", "Field required")


@pytest.mark.parametrize(
    ("scopes", "status"),
    [((Scope.UPLOADS,), 201), ((Scope.READ,), 403), ((Scope.CATALOG,), 403)],
    ids=["uploads", "read", "catalog"],
)
def test_creating_needs_the_scope_to_upload(db, private_files, scopes, status):
    answer = Importer(program(None, *scopes).token).post(CONTENT, mapping=MAPPING)

    assert answer.status_code == status
    if status != 201:
        assert answer.json()["status"] == "failure"
        assert nothing_is_stored(private_files)


def test_without_a_token_nothing_is_taken(importer, private_files):
    importer.client = Client()

    answer = importer.post(CONTENT, mapping=MAPPING)

    assert answer.status_code == 401
    assert answer.json()["status"] == "failure"
    assert nothing_is_stored(private_files)


def test_a_creation_repeated_under_its_key_is_answered_again(importer):
    headers = {"Idempotency-Key": "night-7"}

    first = importer.post(CONTENT, mapping=MAPPING, headers=headers)
    again = importer.post(CONTENT, mapping=MAPPING, headers=headers)
    other = importer.post(CONTENT, headers=headers)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert BulkUpload.objects.count() == 1


def test_a_body_beyond_the_limit_is_refused(importer, settings, private_files):
    settings.UPLOAD_MAX_BYTES = 20

    answer = importer.post(CONTENT, mapping=MAPPING)

    assert answer.status_code == 413
    assert answer.json()["data"][0]["attribute_name"] == "file"
    assert nothing_is_stored(private_files)
