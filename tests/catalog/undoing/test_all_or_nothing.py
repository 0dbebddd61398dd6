"""An all-or-nothing upload that fails late, or is stopped, leaves things as if it never ran."""

import pytest

from bulk_uploads import services, tasks
from bulk_uploads.models import BulkUpload, Phase, RowResult, Status, UploadUndo
from catalog import editing
from catalog.models import Change, Product, ProductDecision, UploadStart, Variant
from catalog.writing.context import Actor
from tests.faults.files import HEADER as CROWDED
from tests.faults.files import changed_file, first_file
from tests.imports import (
    counts,
    csv_bytes,
    draft,
    import_rows,
    interrupted,
    run_to_end,
)
from tests.undos import kept, traces_of

pytestmark = pytest.mark.django_db

FIRST = [row.cells for row in first_file(30)]
CHANGED = [[*row.cells, "a new entry", "a new kind of shelf"] for row in changed_file(30)]
HEADER = [*CROWDED, "Variant #; brand new", "Property Set List #; brand new too"]


@pytest.fixture
def before(account):
    import_rows(account, CROWDED, FIRST)
    return traces_of(account)


def upload_struck_at(account, batch, strike):
    """An all-or-nothing upload; before its batch with this number, `strike` is called."""
    upload = draft(account, csv_bytes(HEADER, CHANGED), on_error="abort")
    checks = -(-len(CHANGED) // 20)
    with interrupted(lambda n: strike(upload) if n == checks + batch else None):
        return run_to_end(upload, batch_rows=20)


def take_an_ean(account):
    """What makes a row fail that passed the check: its SKU's EAN goes to somebody else."""
    ean = CHANGED[-1][2]
    product = editing.create_product(account_id=account.pk, actor=Actor(), name="Thief")
    editing.create_variant(
        account_id=account.pk, actor=Actor(), product_id=product, sku="THIEF", values={"ean": ean}
    )


def test_a_row_that_fails_late_takes_everything_back(account, before):
    upload = upload_struck_at(account, 3, lambda upload: take_an_ean(account))

    assert (upload.status, upload.output["code"]) == ("failure", "apply_failed")
    assert upload.output["message"] == (
        "The check was clean, but 1 row failed when applied, because something else was changed "
        "in between. What was applied has been taken back: nothing of this upload stays."
    )
    assert counts(upload) == {"failed": 1, "not_applied": len(CHANGED) - 1}
    assert (upload.phase, upload.has_turn) == (Phase.UNDOING, False)
    Variant.objects.filter(sku="THIEF").delete()
    Product.objects.filter(key="Thief").delete()
    Change.objects.filter(upload=None).delete()
    assert traces_of(account) == before
    assert RowResult.objects.filter(upload=upload).count() == 1
    assert not ProductDecision.objects.filter(upload=upload).exists()
    assert not UploadStart.objects.exists()


def test_one_that_is_cancelled_while_applying_leaves_nothing(account, before):
    upload = upload_struck_at(account, 3, lambda upload: services.cancel_upload(upload=upload))

    assert (upload.status, upload.output["code"]) == ("failure", "cancelled")
    assert upload.output["message"] == (
        "Cancelled while rows were being applied. What was applied has been taken back: nothing "
        "of this upload stays."
    )
    assert counts(upload) == {"not_applied": len(CHANGED)}
    assert traces_of(account) == before
    undo = UploadUndo.objects.get(upload=upload)
    assert (undo.status, undo.is_automatic, undo.kept) == (Status.SUCCESS, True, 0)
    assert undo.run_after is None


def test_one_that_gets_stuck_while_applying_leaves_nothing(account, before):
    upload = draft(account, csv_bytes(HEADER, CHANGED), on_error="abort")
    while BulkUpload.objects.get(pk=upload.pk).phase != Phase.APPLYING:
        one_slice(upload)
    one_slice(upload)
    assert traces_of(account) != before
    BulkUpload.objects.filter(pk=upload.pk).update(attempts=tasks.MOST_ATTEMPTS)

    upload = run_to_end(upload)

    assert (upload.status, upload.output["code"]) == ("failure", "stuck")
    assert counts(upload) == {"not_applied": len(CHANGED)}
    assert traces_of(account) == before


def test_what_somebody_did_in_between_stays_and_is_listed(account, before):
    def edit(upload):
        variant = Variant.objects.get(account=account, sku=CHANGED[0][1])
        values = {"price": "77", "description": "mine"}
        editing.edit_variant(
            account_id=account.pk, actor=Actor(), variant_id=variant.pk, values=values
        )
        services.cancel_upload(upload=upload)

    upload = upload_struck_at(account, 3, edit)

    assert upload.output["message"].endswith(
        "What was applied has been taken back, but for 1 to which somebody did something in "
        "between: the undo lists each with its reason."
    )
    assert kept(upload.undo) == [(2, CHANGED[0][1], "Price", "changed_since")]
    after = traces_of(account)
    for name in ("product ids", "variant ids", "entries", "categories", "tags", "assets"):
        assert after[name] == before[name]
    # The log still tells of values of these.
    assert [name for name, *_ in after["attributes"]] == ["sweep size", "brand new"]
    edited = {"sku": CHANGED[0][1], "price": 77, "description": "mine"}
    for now, then in zip(after["variants"], before["variants"], strict=True):
        assert now == then or now == {**then, **edited}


def one_slice(upload):
    tasks.run_slice(upload.pk, batch_rows=20)


@pytest.fixture(autouse=True)
def short_slices(settings):
    settings.UPLOAD_SLICE_SECONDS = 0
