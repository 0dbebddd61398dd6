"""A web process that dies in the middle of a creation: asked again, there is exactly one upload."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bulk_uploads.api.import_ids import import_id
from bulk_uploads.models import BulkUpload
from platform_api.models import IdempotencyKey
from tests.api_client import Program, program
from tests.processes import process_environment

pytestmark = pytest.mark.django_db(transaction=True)

ECHO = "file_content_echo_processor"
CONTENT = b"SKU,Price\nFAN-1,5830\n"
REQUEST = """
import os, signal, sys
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from jobs import enqueue
from platform_api import idempotency

def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)

moment, path, token, processor = sys.argv[1:]
if moment == "after the commit":
    enqueue._ring_quietly = die
else:
    usual = idempotency._Claim.keep
    idempotency._Claim.keep = lambda self, response: (usual(self, response), die())
fields = {"file": SimpleUploadedFile("fans.csv", b"SKU,Price\\nFAN-1,5830\\n")}
if processor:
    fields["processor_name"] = processor
Client(SERVER_NAME="localhost").post(
    path, fields, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1"}
)
"""


def dying_request(caller: Program, moment: str, path: str, processor: str) -> None:
    raw = caller.token.raw  # type: ignore[attr-defined]
    ended = subprocess.run(
        [sys.executable, "-c", REQUEST, moment, path, raw, processor],
        cwd=settings.BASE_DIR,
        env=process_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def asked_again(caller: Program):
    fields = {"processor_name": ECHO, "file": SimpleUploadedFile("fans.csv", CONTENT)}
    return caller.post("/bulk_uploads", fields, headers={"Idempotency-Key": "k-1"})


def test_killed_after_the_commit_the_answer_was_kept_with_the_upload():
    caller = program()
    dying_request(caller, "after the commit", "/api/platform/v1/bulk_uploads", ECHO)

    answer = asked_again(caller)

    assert answer.status_code == 201
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert answer.json()["data"]["id"] == str(BulkUpload.objects.get().uuid)


def test_killed_before_the_commit_there_is_neither_and_the_key_is_free_in_time():
    caller = program()
    dying_request(caller, "before the commit", "/api/platform/v1/bulk_uploads", ECHO)

    assert not BulkUpload.objects.exists()
    assert asked_again(caller).status_code == 409
    key = IdempotencyKey.objects.get()
    key.claimed_at -= timedelta(minutes=11)
    key.save()

    answer = asked_again(caller)

    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers
    assert answer.json()["data"]["id"] == str(BulkUpload.objects.get().uuid)


def test_killed_after_the_commit_of_an_import_its_answer_was_kept_too():
    caller = program()
    dying_request(caller, "after the commit", "/api/v1/imports", "")

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
