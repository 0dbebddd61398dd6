"""Undos whose worker is killed, that meet each other, and that wait for an upload's turn."""

from random import Random

import pytest

from bulk_uploads import undoing
from bulk_uploads.models import BulkUpload, Phase, Status, UploadUndo
from bulk_uploads.progress import describe
from bulk_uploads.undo_tasks import UNDONE_FOLLOW_UP, run_undo_slice
from catalog.editing import edit_variant
from catalog.models import Variant
from catalog.writing.context import Actor
from jobs.models import FollowUp
from tests.faults import striking
from tests.faults.files import HEADER, changed_file, first_file
from tests.faults.striking import behind_row, while_taking_back
from tests.imports import csv_bytes, draft, import_rows, run_to_end
from tests.undos import kept, run_undo, things_of, traces_of
from tests.waiting import wait_until

PRODUCTS = 400
FIRST = [row.cells for row in first_file(PRODUCTS)]
CHANGED = [row.cells for row in changed_file(PRODUCTS)]


@pytest.fixture
def account(accounts):
    return accounts[1]


@pytest.mark.parametrize("writing", [True, False], ids=["inside a step", "between steps"])
def test_a_worker_killed_while_undoing_changes_nothing_in_the_result(host, account, writing):
    import_rows(account, HEADER, FIRST)
    before = things_of(account)
    upload = import_rows(account, HEADER, CHANGED)
    edited = CHANGED[3][1]
    edit(account, edited)
    undo = undoing.request_undo(upload=upload)

    for seed in (31, 32):
        worker = host.undo(undo)
        striking.kill(worker, undo, when=while_taking_back, writing=writing, random=Random(seed))
    host.undo(undo).wait()

    undo.refresh_from_db()
    assert (undo.status, undo.code, undo.kept) == (Status.SUCCESS, "undone", 1)
    assert kept(undo) == [(5, edited, "Price", "changed_since")]
    price = next(row["price"] for row in before["variants"] if row["sku"] == edited)
    Variant.objects.filter(account=account, sku=edited).update(price=price)
    assert things_of(account) == before
    assert not BulkUpload.objects.filter(has_turn=True).exists()
    assert FollowUp.objects.filter(kind=UNDONE_FOLLOW_UP).count() == 1


def test_all_or_nothing_failing_late_and_killed_on_its_way_back_leaves_nothing(host, account):
    import_rows(account, HEADER, FIRST)
    before = traces_of(account)
    upload = draft(account, csv_bytes(HEADER, CHANGED), on_error="abort")
    worker = host.work(upload, batch_rows=60)
    # Behind the check and most of the applying, the last row's EAN goes to another variant.
    striking.freeze(worker, upload, when=behind_row(700), writing=False, random=Random(41))
    victim = Variant.objects.filter(account=account, sku=FIRST[-2][1])
    was = victim.values("ean", "gtin", "last_change_id", "updated_at").get()
    ean = CHANGED[-1][2]
    victim.update(ean=ean, gtin=ean.zfill(14))
    worker.thaw()

    for seed, writing in ((42, True), (43, False)):
        striking.kill(worker, upload, when=while_taking_back, writing=writing, random=Random(seed))
        worker = host.work(upload, batch_rows=60)
    worker.wait()

    upload.refresh_from_db()
    assert (upload.status, upload.output["code"]) == (Status.FAILURE, "apply_failed")
    assert upload.not_applied_rows + upload.failed_rows == upload.total_rows == len(CHANGED)
    victim.update(**was)
    assert traces_of(account) == before


def test_two_workers_at_one_undo_and_two_requests_make_one(host, account):
    import_rows(account, HEADER, FIRST)
    before = things_of(account)
    upload = import_rows(account, HEADER, CHANGED)
    undo = undoing.request_undo(upload=upload)
    assert undoing.request_undo(upload=upload) == undo

    first, second = host.undo(undo), host.undo(undo)
    first.wait()
    second.wait()

    undo.refresh_from_db()
    assert (undo.status, undo.kept) == (Status.SUCCESS, 0)
    assert things_of(account) == before
    assert "Traceback" not in host.log


def test_an_undo_waits_for_an_upload_and_an_upload_for_an_undo(host, account):
    old = import_rows(account, HEADER, FIRST)
    running = draft(account, csv_bytes(HEADER, CHANGED))
    worker = host.work(running, batch_rows=60)
    striking.freeze(worker, running, when=behind_row(60), writing=False, random=Random(51))
    undo = undoing.request_undo(upload=old)

    assert run_undo_slice(undo.pk) is False

    undo.refresh_from_db()
    assert (undo.status, undo.attempts, undo.removed) == (Status.DRAFT, 0, 0)
    worker.thaw()
    worker.wait()
    UploadUndo.objects.filter(pk=undo.pk).update(run_after=undo.created_at)
    undoer = host.undo(undo)
    striking.freeze(undoer, undo, when=while_taking_back, writing=False, random=Random(52))
    waiting = draft(account, csv_bytes(HEADER, FIRST))
    assert waiting.phase == Phase.READING
    worker = host.work(waiting)
    wait_until(lambda: claimed(waiting), what="the upload to look whether it is its turn")
    assert describe(waiting).waiting_for == old
    undoer.thaw()
    undoer.wait()
    worker.kill()
    striking.let_lease_end(waiting)
    striking.let_wait_end(waiting)
    run_to_end(waiting)


def claimed(upload: BulkUpload) -> bool:
    """It has looked, and not begun."""
    upload.refresh_from_db()
    looked = upload.run_after is not None and upload.run_after > upload.created_at
    return looked and upload.claim_token is None and upload.status == Status.DRAFT


def test_an_undo_that_makes_no_progress_is_given_up_and_can_be_taken_up_again(account):
    upload = import_rows(account, HEADER, FIRST[:9])
    undo = undoing.request_undo(upload=upload)
    UploadUndo.objects.filter(pk=undo.pk).update(attempts=5)

    gone = run_undo(undo)

    assert (gone.status, gone.code, gone.removed) == (Status.FAILURE, "stuck", 0)
    assert Variant.objects.count() == 9
    again = undoing.request_undo(upload=upload)
    assert again.pk == undo.pk
    assert run_undo(again).status == Status.SUCCESS
    assert not Variant.objects.exists()


def edit(account, sku):
    variant = Variant.objects.get(account=account, sku=sku)
    edit_variant(
        account_id=account.pk, actor=Actor(), variant_id=variant.pk, values={"price": "77"}
    )
