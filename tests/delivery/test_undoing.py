"""Taking a pincode file back: what it made goes, what it changed returns, unless changed since."""

import pytest

from bulk_uploads import undo_tasks
from bulk_uploads.models import BulkUpload, Status, UploadUndo
from bulk_uploads.undoers import UndoContext, undoer_for
from bulk_uploads.undoing import request_undo
from delivery import undoing
from jobs import clock
from tests.delivery.courier_lists import SHORT, changes_of, pincode_rows, pincodes_of, short
from tests.factories.accounts import AccountFactory
from tests.undos import counts, forecast

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = AccountFactory.create()
    pincode_rows(account, SHORT, [short("411001"), short("411002"), short("411003")])
    return account


def changing(account) -> BulkUpload:
    """Changes one, leaves one as it is, makes one, takes one off the list."""
    return pincode_rows(
        account,
        SHORT,
        [short("411001", cod="N"), short("411002"), short("411009")],
        replace=True,
    )


def undone(upload: BulkUpload) -> UploadUndo:
    undo = request_undo(upload=upload)
    while undo_tasks.run_undo_slice(undo.pk):
        pass
    undo.refresh_from_db()
    assert undo.status == Status.SUCCESS, undo.message
    return undo


@pytest.mark.parametrize("step", [1, 500])
def test_everything_is_as_before(account, step, monkeypatch):
    monkeypatch.setattr(undoing, "_STEP", step)
    before = pincodes_of(account)
    upload = changing(account)
    assert pincodes_of(account) != before

    undo = undone(upload)

    assert pincodes_of(account) == before
    assert (undo.restored, undo.removed, undo.kept) == (2, 1, 0)


def test_an_undo_says_before_what_it_would_do(account):
    upload = changing(account)
    pincode_rows(account, SHORT, [short("411001", cod="N", city="POONA")])

    undoer = undoer_for(upload)

    assert undoer is not None
    assert undoer.forecast() == [
        "Remove 1 pincode that this upload made.",
        "Set 1 pincode back to what was known before.",
        "Keep 1 pincode: changed since.",
    ]


def test_what_was_changed_since_is_kept_and_listed(account):
    upload = changing(account)
    pincode_rows(account, SHORT, [short("411001", cod="N", city="POONA")])

    undo = undone(upload)

    assert pincodes_of(account)[("411001", "surface")]["city"] == "POONA"
    assert list(undo.kept_rows.values_list("row", "key", "reason_code")) == [
        (2, "411001 surface", "changed_since")
    ]


@pytest.mark.parametrize("step", [1, 500])
def test_files_taken_back_in_turn_do_not_stand_in_each_others_way(account, step, monkeypatch):
    monkeypatch.setattr(undoing, "_STEP", step)
    before = pincodes_of(account)
    first = changing(account)
    between = pincodes_of(account)
    second = pincode_rows(account, SHORT, [short("411001", cod="Y"), short("411009", cod="N")])
    assert forecast(first) == [
        "Set 1 pincode back to what was known before.",
        "Keep 2 pincodes: changed since.",
    ]

    assert counts(undone(second)) == {"restored": 2}
    assert pincodes_of(account) == between
    assert forecast(first) == [
        "Remove 1 pincode that this upload made.",
        "Set 2 pincodes back to what was known before.",
    ]
    assert counts(undone(first)) == {"restored": 2, "removed": 1}

    assert pincodes_of(account) == before


def test_without_a_trace_it_is_as_if_the_file_had_never_been(account):
    before = (pincodes_of(account), changes_of(account))
    undoer = undoer_for(changing(account))
    assert undoer is not None
    context = UndoContext(now=clock.now(), leaves_no_trace=True)

    step = undoer.step(cursor=None, context=context)
    while not step.done:
        step = undoer.step(cursor=step.cursor, context=context)

    assert (pincodes_of(account), changes_of(account)) == before
