"""Taking a stock file back: levels return to what they were, unless something happened since."""

import pytest

from accounts.models import Account
from bulk_uploads import undo_tasks
from bulk_uploads.models import BulkUpload, Status, UploadUndo
from bulk_uploads.undoers import UndoContext, undoer_for
from bulk_uploads.undoing import request_undo
from catalog.models import Location, NewLocation, StockLevel, Variant
from catalog.stock import undoing
from catalog.stock.editing import change_level
from catalog.writing.context import Actor
from jobs import clock
from tests.catalog.stock.stocking import levels_of, movements_of, stock_of, stock_rows
from tests.factories.accounts import UserFactory
from tests.imports import import_rows
from tests.undos import counts, forecast

HEADER = ["SKU", "Location", "Quantity"]


def undone(upload: BulkUpload) -> UploadUndo:
    undo = request_undo(upload=upload, requested_by=UserFactory.create())
    while undo_tasks.run_undo_slice(undo.pk):
        pass
    undo.refresh_from_db()
    assert undo.status == Status.SUCCESS, undo.message
    return undo


def kept(undo: UploadUndo) -> list[tuple[int | None, str, str, str]]:
    return list(undo.kept_rows.values_list("row", "key", "column", "reason_code"))


def edit_by_hand(account: Account, sku: str, quantity: str) -> None:
    change_level(
        account_id=account.pk,
        actor=Actor(user_id=UserFactory.create().pk),
        variant_id=Variant.objects.get(account=account, sku=sku).pk,
        location_id=Location.objects.get(account=account).pk,
        quantity=quantity,
    )


@pytest.fixture
def before(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "12"], ["FAN-2", "Delhi", "5"]])
    return levels_of(account)


@pytest.fixture
def upload(account, before):
    return stock_rows(
        account,
        HEADER,
        [["FAN-1", "Delhi", "1"], ["FAN-2", "Delhi", "5"], ["FAN-3", "Goa", "8"]],
    )


@pytest.mark.parametrize("step", [1, 500])
def test_levels_return_to_what_they_were_and_new_ones_go(
    account, before, upload, step, monkeypatch
):
    monkeypatch.setattr(undoing, "_STEP", step)

    undo = undone(upload)

    assert levels_of(account) == before
    # A level and the location that the file made.
    assert (undo.restored, undo.removed, undo.kept) == (1, 2, 0)
    assert list(Location.objects.filter(account=account).values_list("name", flat=True)) == [
        "Delhi"
    ]
    assert movements_of(account)[-2:] == [
        ("FAN-1", "Delhi", "undone", "1", "12", None),
        ("FAN-3", "Goa", "undone", "8", None, None),
    ]


def test_an_undo_says_before_what_it_would_do(account, upload):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "2"]])

    undoer = undoer_for(upload)

    assert undoer is not None
    assert undoer.forecast() == [
        "Remove 1 stock level that this upload made.",
        "Keep 1 stock level: changed or removed since.",
    ]


def test_what_was_changed_since_is_kept_and_listed(account, upload):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "-1"]], mode="adjust")

    undo = undone(upload)

    assert levels_of(account)[("FAN-1", "Delhi")] == "0"
    assert kept(undo) == [(2, "FAN-1 @ Delhi", "Quantity", "changed_since")]
    assert (undo.restored, undo.removed) == (0, 2)


@pytest.mark.parametrize("step", [1, 500])
def test_files_taken_back_in_turn_do_not_stand_in_each_others_way(
    account, before, step, monkeypatch
):
    monkeypatch.setattr(undoing, "_STEP", step)
    set_to, adjusted, made = (
        stock_rows(account, HEADER, [["FAN-1", "Delhi", "20"], ["FAN-2", "Delhi", "6"]]),
        stock_rows(account, HEADER, [["FAN-1", "Delhi", "5"]], mode="adjust"),
        stock_rows(account, HEADER, [["FAN-1", "Delhi", "30"], ["FAN-3", "Goa", "1"]]),
    )
    assert forecast(set_to) == [
        "Set 1 stock level back to what was there before.",
        "Keep 1 stock level: changed or removed since.",
    ]

    assert counts(undone(made)) == {"restored": 1, "removed": 2}
    assert levels_of(account)[("FAN-1", "Delhi")] == "25"
    assert counts(undone(adjusted)) == {"restored": 1}
    assert forecast(set_to) == ["Set 2 stock levels back to what was there before."]
    assert counts(undone(set_to)) == {"restored": 2}

    assert levels_of(account) == before


@pytest.mark.parametrize("is_before", [True, False], ids=["before the undo", "after it"])
def test_what_somebody_did_beside_a_file_taken_back_stands(account, before, is_before):
    first = stock_rows(account, HEADER, [["FAN-1", "Delhi", "20"]])
    if is_before:
        edit_by_hand(account, "FAN-1", "25")
    second = stock_rows(account, HEADER, [["FAN-1", "Delhi", "30"]])
    undone(second)
    if not is_before:
        edit_by_hand(account, "FAN-1", "25")

    assert forecast(first) == ["Keep 1 stock level: changed or removed since."]
    assert kept(undone(first)) == [(2, "FAN-1 @ Delhi", "Quantity", "changed_since")]
    assert levels_of(account)[("FAN-1", "Delhi")] == "25"


def test_files_taken_back_in_another_order_keep_what_the_later_one_says(account, before):
    first = stock_rows(account, HEADER, [["FAN-1", "Delhi", "20"]])
    second = stock_rows(account, HEADER, [["FAN-1", "Delhi", "30"]])

    assert counts(undone(first)) == {"kept": 1}
    assert forecast(first) == ["Keep 1 stock level: changed or removed since."]
    assert counts(undone(second)) == {"restored": 1}

    assert levels_of(account)[("FAN-1", "Delhi")] == "20"


def test_what_is_taken_back_already_is_not_foretold_again(account, upload):
    undone(upload)

    assert undoing.StockUndoer(upload).forecast() == [
        "Keep 2 stock levels: changed or removed since.",
    ]


def test_what_was_removed_since_is_listed(account, upload):
    StockLevel.objects.filter(account=account, location__name="Goa").delete()

    undo = undone(upload)

    assert kept(undo) == [(4, "FAN-3 @ Goa", "", "removed_since")]
    assert levels_of(account)[("FAN-1", "Delhi")] == "12"


def test_an_adjustment_is_taken_back_once(account, before):
    upload = stock_rows(account, HEADER, [["FAN-1", "Delhi", "5"]], mode="adjust")
    undone(upload)
    again = request_undo(upload=upload)

    assert again.status == Status.SUCCESS
    assert levels_of(account) == before


def test_a_location_that_somebody_uses_or_renamed_since_stays(account, upload):
    stock_rows(account, HEADER, [["FAN-1", "Goa", "1"]])

    undone(upload)

    assert Location.objects.filter(account=account, name="Goa").exists()


def test_the_undone_file_can_be_given_again(account, upload):
    after = levels_of(account)
    undone(upload)

    again = stock_rows(
        account,
        HEADER,
        [["FAN-1", "Delhi", "1"], ["FAN-2", "Delhi", "5"], ["FAN-3", "Goa", "8"]],
    )

    assert levels_of(account) == after
    assert (again.updated_rows, again.unchanged_rows, again.created_rows) == (1, 1, 1)


def test_without_a_trace_it_is_as_if_the_file_had_never_been(account, before):
    untouched = stock_of(account)
    upload = stock_rows(account, HEADER, [["FAN-1", "Delhi", "1"], ["FAN-3", "Goa", "8"]])
    undoer = undoer_for(upload)
    assert undoer is not None
    context = UndoContext(now=clock.now(), leaves_no_trace=True)

    step = undoer.step(cursor=None, context=context)
    while not step.done:
        step = undoer.step(cursor=step.cursor, context=context)

    assert stock_of(account) == untouched
    assert not NewLocation.objects.filter(upload=upload).exists()


def test_a_variant_that_was_stocked_since_stays_when_its_file_is_taken_back(account):
    made = import_rows(account, ["SKU", "Product Name"], [["NEW-1", "New"], ["NEW-2", "New"]])
    stock_rows(account, HEADER, [["NEW-1", "Delhi", "0"]])

    undo = undone(made)

    skus = Variant.objects.filter(account=account, sku__startswith="NEW")
    assert list(skus.values_list("sku", flat=True)) == ["NEW-1"]
    assert (2, "NEW-1", "", "stocked") in kept(undo)
    assert levels_of(account) == {("NEW-1", "Delhi"): "0"}
