"""A web process that dies in the middle of a creation: asked again, there is exactly one upload."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bulk_uploads.api.import_ids import import_id
from bulk_uploads.models import BulkUpload
from platform_api.models import IdempotencyKey
from tests.api_client import Program, program
from tests.faults.workers import WorkerHost

pytestmark = pytest.mark.django_db(transaction=True)

ECHO = "file_content_echo_processor"
PATH = "/api/platform/v1/bulk_uploads"
CONTENT = b"SKU,Price\nFAN-1,5830\n"


def dying_request(
    host: WorkerHost, caller: Program, *, dies: str, path: str, processor: str = ""
) -> None:
    raw = caller.token.raw  # type: ignore[attr-defined]
    host.request(path, token=raw, processor=processor, dies=dies).wait()
    assert "Traceback" not in host.log, host.log


def asked_again(caller: Program):
    fields = {"processor_name": ECHO, "file": SimpleUploadedFile("fans.csv", CONTENT)}
    return caller.post("/bulk_uploads", fields, headers={"Idempotency-Key": "k-1"})


def test_killed_after_the_commit_the_answer_was_kept_with_the_upload(host):
    caller = program()
    dying_request(host, caller, dies="after the commit", path=PATH, processor=ECHO)

    answer = asked_again(caller)

    assert answer.status_code == 201
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert answer.json()["data"]["id"] == str(BulkUpload.objects.get().uuid)


def test_killed_before_the_commit_there_is_neither_and_the_key_is_free_in_time(host):
    caller = program()
    dying_request(host, caller, dies="before the commit", path=PATH, processor=ECHO)

    assert not BulkUpload.objects.exists()
    assert asked_again(caller).status_code == 409
    key = IdempotencyKey.objects.get()
    key.claimed_at -= timedelta(minutes=11)
    key.save()

    answer = asked_again(caller)

    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers
    assert answer.json()["data"]["id"] == str(BulkUpload.objects.get().uuid)


def test_killed_after_the_commit_of_an_import_its_answer_was_kept_too(host):
    caller = program()
    dying_request(host, caller, dies="after the commit", path="/api/v1/imports")

    answer = Client().post(
        "/api/v1/imports",
        {"file": SimpleUploadedFile("fans.csv", CONTENT)},
        headers={
            "Authorization": f"Bearer {caller.token.raw}",
            "Idempotency-Key": "k-1",
        },
    )

    assert answer.status_code == 201
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert answer.json()["id"] == import_id(BulkUpload.objects.get().uuid)
