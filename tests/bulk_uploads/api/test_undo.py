"""POST /bulk_uploads/{id}/undo: an ended upload is taken back by a job, once."""

import pytest

from accounts.scopes import Scope
from bulk_uploads.models import UploadUndo
from catalog.models import Variant
from tests.api_client import failure, program
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.imports import import_rows
from tests.undos import run_undo

HEADER = ["SKU", "Product Name", "Price"]


@pytest.fixture
def upload(caller):
    import_rows(caller.account, HEADER, [["A", "Fan", "1"], ["B", "Fan", "2"]])
    return import_rows(caller.account, HEADER, [["A", "Fan", "5"], ["B", "Fan", "6"]])


def undo_of(upload):
    return UploadUndo.objects.get(upload=upload)


def test_an_undo_is_a_job_whose_state_the_upload_tells(caller, upload):
    response = caller.post(f"/bulk_uploads/{upload.uuid}/undo")

    assert response.status_code == 202
    data = response.json()["data"]
    assert (data["id"], data["status"]) == (str(upload.uuid), "success")
    told = data["extradata"]["undo"]
    assert (told["status"], told["restored"], told["message"]) == ("draft", 0, None)
    assert data["extradata"]["format"] == "csv"
    undo = undo_of(upload)
    assert (undo.token, undo.requested_by) == (caller.token, None)

    run_undo(undo)

    told = caller.get(f"/bulk_uploads/{upload.uuid}").json()["data"]["extradata"]["undo"]
    assert {name: told[name] for name in ("status", "progress", "restored", "removed", "kept")} == {
        "status": "success",
        "progress": 100,
        "restored": 2,
        "removed": 0,
        "kept": 0,
    }
    assert told["message"] == "Taken back: 2 restored."
    assert set(Variant.objects.values_list("price", flat=True)) == {1, 2}


def test_asked_for_again_there_is_still_one_undo(caller, upload):
    caller.post(f"/bulk_uploads/{upload.uuid}/undo")
    run_undo(undo_of(upload))
    before = UploadUndo.objects.values().get()

    response = caller.post(f"/bulk_uploads/{upload.uuid}/undo")

    assert response.status_code == 202
    assert response.json()["data"]["extradata"]["undo"]["status"] == "success"
    assert UploadUndo.objects.values().get() == before


def test_the_same_idempotency_key_is_answered_the_same(caller, upload):
    first, second = (
        caller.post(f"/bulk_uploads/{upload.uuid}/undo", headers={"Idempotency-Key": "one"})
        for _ in range(2)
    )

    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json() == first.json()


def test_what_was_kept_is_listed_a_page_at_a_time(caller, upload):
    later = import_rows(caller.account, HEADER, [["A", "Fan", "7"], ["B", "Fan", "8"]])
    caller.post(f"/bulk_uploads/{upload.uuid}/undo")
    run_undo(undo_of(upload))

    body = caller.get(f"/bulk_uploads/{upload.uuid}/undo/kept?per_page=1").json()

    assert body["meta"] == {"page": 1, "per_page": 1, "total": 2}
    (kept,) = body["data"]
    assert {name: kept[name] for name in ("row", "column", "reason_code")} == {
        "row": 3,
        "column": "Price",
        "reason_code": "changed_since",
    }
    assert kept["message"].startswith(f"Price: changed since by Upload {later.pk}, row 3, ")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"applying": True},
            "This upload has not ended yet. Cancel it, or wait for its end, and undo it then.",
        ),
        (
            {"succeeded": True, "options": {"dry_run": True}},
            "A dry run writes nothing, so there is nothing to take back.",
        ),
        (
            {"failed": True, "phase": "reading"},
            "No row of this upload was applied, so there is nothing to take back.",
        ),
        (
            {"succeeded": True, "processor_name": "file_content_echo_processor"},
            "What this kind of upload does cannot be taken back.",
        ),
    ],
)
def test_what_cannot_be_undone_is_a_conflict_that_says_why(caller, fields, message):
    upload = BulkUploadFactory.create(account=caller.account, **fields)

    response = caller.post(f"/bulk_uploads/{upload.uuid}/undo")

    assert response.status_code == 409
    assert response.json() == failure("status", message)
    assert not UploadUndo.objects.exists()


def test_another_account_or_scope_cannot_undo_it(caller, upload):
    assert program().post(f"/bulk_uploads/{upload.uuid}/undo").status_code == 404
    reader = program(caller.account, Scope.READ)
    assert reader.post(f"/bulk_uploads/{upload.uuid}/undo").status_code == 403
    assert program().get(f"/bulk_uploads/{upload.uuid}/undo/kept").status_code == 404
    assert not UploadUndo.objects.exists()
