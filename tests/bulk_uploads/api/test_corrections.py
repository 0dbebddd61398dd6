"""A program that corrects what failed: the correction file, a retry, and issues that close."""

import pytest

from accounts.scopes import Scope
from bulk_uploads.models import BulkUpload
from tests.api_client import failure, program
from tests.bulk_uploads.corrections.spreadsheets import corrected_csv, sent_again
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.imports import import_rows, run_to_end

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]
ROWS = [["A", "Fan", "1"], ["B", "Fan", "dear"], ["C", "Lamp", "cheap"]]


@pytest.fixture
def caller():
    return program()


@pytest.fixture
def upload(caller):
    return import_rows(caller.account, HEADER, ROWS)


def cure(cells):
    cells["Price"] = cells["Price"].replace("dear", "7")


def test_the_correction_file_is_an_attachment_nobody_keeps(caller, upload):
    answer = caller.get(f"/bulk_uploads/{upload.uuid}/correction_file")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="catalog - corrections.csv"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    content = b"".join(answer.streaming_content)
    assert content.startswith(
        b"\xef\xbb\xbfSKU,Product Name,Price,Errors,Original row [correction "
    )
    assert content.count(b"\r\n") == 3


def test_issues_say_who_closed_them_and_can_be_asked_for_by_it(caller, upload):
    content = b"".join(caller.get(f"/bulk_uploads/{upload.uuid}/correction_file").streaming_content)
    child = sent_again(caller.account, corrected_csv(content, cure))
    path = f"/bulk_uploads/{upload.uuid}/issues"

    def said(**query):
        return [
            (each["row"], each["resolved"], each["resolved_by"])
            for each in caller.data(path, **query)
        ]

    closed, left = (3, True, str(child.uuid)), (4, False, None)
    assert said() == [closed, left]
    assert said(resolved="true") == [closed]
    assert said(resolved="false") == [left]
    assert caller.get(path, resolved="maybe").status_code == 422


def test_a_child_names_its_parent_and_the_parent_stays_as_it_was(caller, upload):
    before = caller.data(f"/bulk_uploads/{upload.uuid}")

    answer = caller.post(f"/bulk_uploads/{upload.uuid}/retry")

    assert answer.status_code == 201
    child = answer.json()["data"]
    assert child["extradata"] == {"parent_id": str(upload.uuid), "relation": "retry"}
    assert child["status"] == "draft"
    run_to_end(BulkUpload.objects.get(uuid=child["id"]))
    assert caller.data(f"/bulk_uploads/{upload.uuid}") == before
    output = caller.data(f"/bulk_uploads/{child['id']}")["output"]
    assert (output["total_rows"], output["failed_rows"]) == (2, 2)


def test_a_retry_is_started_once(caller, upload):
    path = f"/bulk_uploads/{upload.uuid}/retry"
    key = {"headers": {"Idempotency-Key": "once"}}
    first, again = caller.post(path, **key), caller.post(path, **key)
    another = caller.post(path)

    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert another.status_code == 409
    assert another.json() == failure(
        "id", "A retry of this upload has not ended yet. See that upload."
    )
    assert BulkUpload.objects.filter(parent=upload).count() == 1


def test_neither_while_it_runs_nor_where_nothing_is_left(caller):
    running = BulkUploadFactory.create(account=caller.account, applying=True)
    done = BulkUploadFactory.create(
        account=caller.account, succeeded=True, total_rows=1, created_rows=1
    )

    for upload in (running, done):
        assert caller.get(f"/bulk_uploads/{upload.uuid}/correction_file").status_code == 409
        assert caller.post(f"/bulk_uploads/{upload.uuid}/retry").status_code == 409
    assert not BulkUpload.objects.exclude(parent=None).exists()


@pytest.mark.parametrize("scope", [Scope.READ, Scope.UPLOADS, Scope.CATALOG])
def test_scopes_are_those_of_the_other_calls_about_uploads(upload, scope):
    caller = program(upload.account, scope)

    file = caller.get(f"/bulk_uploads/{upload.uuid}/correction_file")
    retry = caller.post(f"/bulk_uploads/{upload.uuid}/retry")

    file.close()
    assert file.status_code == (200 if scope in (Scope.READ, Scope.UPLOADS) else 403)
    assert retry.status_code == (201 if scope == Scope.UPLOADS else 403)


def test_another_accounts_upload_is_not_found(upload):
    stranger = program()

    assert stranger.get(f"/bulk_uploads/{upload.uuid}/correction_file").status_code == 404
    assert stranger.post(f"/bulk_uploads/{upload.uuid}/retry").status_code == 404
    assert not BulkUpload.objects.filter(parent=upload).exists()
