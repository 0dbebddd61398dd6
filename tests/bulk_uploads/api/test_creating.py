"""POST /bulk_uploads: what is answered, what is stored, and what is refused with nothing stored."""

import hashlib
import json
import re
from datetime import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.scopes import Scope
from bulk_uploads.models import BulkUpload, UploadedFile
from tests.api_client import BASE, Program, failure, program

CONTENT = b"SKU,Price\nFAN-1,5830\n"
ECHO = "file_content_echo_processor"


def a_file(content: bytes = CONTENT, name: str = "fans.csv", content_type: str = "text/csv"):
    return SimpleUploadedFile(name, content, content_type=content_type)


def nothing_is_stored(private_files) -> bool:
    files = [path for path in private_files.rglob("*") if path.is_file()]
    return not (files or BulkUpload.objects.exists() or UploadedFile.objects.exists())


def test_created_upload_is_answered_in_the_documented_shape(caller):
    response = caller.post("/bulk_uploads", {"processor_name": ECHO, "file": a_file()})

    assert response.status_code == 201
    upload = BulkUpload.objects.get()
    body = response.json()
    assert body == {
        "status": "success",
        "data": {
            "id": str(upload.uuid),
            "started_at": None,
            "ended_at": None,
            "progress": None,
            "status": "draft",
            "output": None,
            "extradata": None,
            "account_id": str(caller.account.uuid),
            "created_at": body["data"]["created_at"],
            "updated_at": body["data"]["updated_at"],
            "input": None,
            "processor_name": ECHO,
            "file": {
                "id": str(upload.file.uuid),
                "key": upload.file.key,
                "content_type": "text/csv",
                "byte_size": 21,
                "url": f"http://testserver{BASE}/files/{upload.file.key}",
            },
        },
    }
    timestamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(timestamp, body["data"]["created_at"])
    assert datetime.fromisoformat(body["data"]["updated_at"]) <= upload.updated_at


def test_fields_come_in_the_order_of_the_document(caller):
    response = caller.post("/bulk_uploads", {"processor_name": ECHO, "file": a_file()})

    assert " ".join(response.json()["data"]) == (
        "id started_at ended_at progress status output extradata account_id created_at updated_at "
        "input processor_name file"
    )


def test_file_is_stored_as_it_was_given(caller):
    caller.post("/bulk_uploads", {"processor_name": ECHO, "file": a_file()})

    file = UploadedFile.objects.get()
    assert (file.account, file.name, file.byte_size) == (caller.account, "fans.csv", 21)
    assert file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    with default_storage.open(file.storage_path) as stored:
        assert stored.read() == CONTENT
    assert BulkUpload.objects.get().token == caller.token


def test_options_given_are_echoed_as_input(caller):
    options = {"dry_run": True}
    response = caller.post(
        "/bulk_uploads",
        {"processor_name": ECHO, "file": a_file(), "options": json.dumps(options)},
    )

    assert response.status_code == 201
    assert response.json()["data"]["input"] == {"dry_run": True}
    assert BulkUpload.objects.get().is_dry_run


@pytest.mark.parametrize(
    ("given", "name", "stored"),
    [
        ("text/csv", "fans.xyz", "text/csv"),
        ("text/csv; charset=utf-8", "fans.xyz", "text/csv"),
        ("application/octet-stream", "fans.csv", "text/csv"),
        ("", "FANS.CSV", "text/csv"),
        ("not a type", "fans", "application/octet-stream"),
        ("a/b\x00", "fans", "application/octet-stream"),
    ],
)
def test_type_of_the_file_is_the_given_one_or_by_its_name(caller, given, name, stored):
    file = a_file(name=name, content_type=given)
    response = caller.post("/bulk_uploads", {"processor_name": ECHO, "file": file})

    assert response.json()["data"]["file"]["content_type"] == stored


def test_unknown_processor_is_refused_as_documented(caller, private_files):
    response = caller.post("/bulk_uploads", {"processor_name": "nobody", "file": a_file()})

    assert response.status_code == 422
    assert response.content == (
        b'{"status":"failure","data":[{"attribute_name":"bulk_upload_processor",'
        b'"messages":["Bulk upload processor class is not defined"]}]}'
    )
    assert nothing_is_stored(private_files)


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        (
            "{",
            [("options", "Malformed JSON: unexpected end of data: line 1 column 2 (char 1)")],
        ),
        ("[1]", [("options", 'Must be a JSON object such as {"dry_run": true}')]),
        ('{"mapping": {"\\u0000": "sku"}}', [("options", "Must not contain the character NUL")]),
        (
            '{"dry_run": "yes", "speed": 9}',
            [
                ("options.dry_run", "must be true or false."),
                (
                    "options.speed",
                    f"is not an option of {ECHO}. Its options are: dry_run, sheet.",
                ),
            ],
        ),
    ],
)
def test_wrong_options_are_named_one_by_one(caller, private_files, options, faults):
    response = caller.post(
        "/bulk_uploads", {"processor_name": ECHO, "file": a_file(), "options": options}
    )

    assert response.status_code == 422
    assert [
        (fault["attribute_name"], *fault["messages"]) for fault in response.json()["data"]
    ] == faults
    assert nothing_is_stored(private_files)


def test_missing_fields_are_named_together(caller, private_files):
    response = caller.post("/bulk_uploads", {"options": "{}"})

    assert response.status_code == 422
    assert response.json()["data"] == [
        {"attribute_name": "processor_name", "messages": ["Field required"]},
        {"attribute_name": "file", "messages": ["Field required"]},
    ]
    assert nothing_is_stored(private_files)


def test_text_where_the_file_belongs_is_no_file(caller, private_files):
    response = caller.post("/bulk_uploads", {"processor_name": ECHO, "file": "SKU,Price"})

    assert response.status_code == 422
    assert response.json() == failure("file", "Field required")
    assert nothing_is_stored(private_files)


def test_empty_file_is_refused(caller, private_files):
    response = caller.post("/bulk_uploads", {"processor_name": ECHO, "file": a_file(b"")})

    assert response.status_code == 422
    assert response.json() == failure(
        "file", "The file is empty. Choose the file that holds the rows."
    )
    assert nothing_is_stored(private_files)


def test_file_over_the_limit_is_refused(caller, private_files, settings):
    settings.UPLOAD_MAX_BYTES = 20
    response = caller.post("/bulk_uploads", {"processor_name": ECHO, "file": a_file()})

    assert response.status_code == 413
    assert response.json() == failure(
        "file", "The file is larger than the 20 bytes that are allowed. Split it into parts."
    )
    assert nothing_is_stored(private_files)


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/csv", CONTENT, 415),
        ("multipart/form-data", CONTENT, 400),
        ("multipart/form-data; boundary=x", b"--y\r\n", 422),
    ],
)
def test_body_that_is_no_form_is_refused(caller, private_files, content_type, body, status):
    response = caller.post("/bulk_uploads", body, content_type=content_type)

    assert response.status_code == status
    assert response.json()["status"] == "failure"
    assert nothing_is_stored(private_files)


@pytest.mark.parametrize("scope", [Scope.READ, Scope.CATALOG])
def test_creating_takes_the_scope_uploads(private_files, db, scope):
    response = program(None, scope).post(
        "/bulk_uploads", {"processor_name": ECHO, "file": a_file()}
    )

    assert response.status_code == 403
    assert response.json() == failure("authorization", "The token lacks the scope uploads")
    assert nothing_is_stored(private_files)


def test_creating_takes_a_token(private_files, db):
    form = {"processor_name": ECHO, "file": a_file()}
    response = Client().post(f"{BASE}/bulk_uploads", form)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert nothing_is_stored(private_files)


class TestIdempotency:
    """A client that is not sure whether its request arrived sends it again."""

    def send(self, caller: Program, content: bytes = CONTENT):
        return caller.post(
            "/bulk_uploads",
            {"processor_name": ECHO, "file": a_file(content)},
            headers={"Idempotency-Key": "night-run-7"},
        )

    def test_same_request_again_gets_the_first_answer(self, caller):
        first, again = self.send(caller), self.send(caller)

        assert again.status_code == 201
        assert again.content == first.content
        assert again.headers["Idempotency-Replayed"] == "true"
        assert BulkUpload.objects.count() == 1

    def test_another_file_under_the_same_key_is_a_conflict(self, caller):
        self.send(caller)
        response = self.send(caller, b"SKU\nFAN-2\n")

        assert response.status_code == 409
        assert BulkUpload.objects.count() == 1

    def test_keys_of_another_account_are_its_own(self, caller):
        self.send(caller)
        response = self.send(program())

        assert response.status_code == 201
        assert BulkUpload.objects.count() == 2
