"""An undo gives back what was there before the upload, value by value and id by id."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import editing
from catalog.models import Product, Variant
from catalog.writing.context import Actor
from tests.factories.accounts import UserFactory
from tests.faults.files import HEADER as CROWDED
from tests.faults.files import changed_file, first_file
from tests.imports import counts as rows_of
from tests.imports import import_rows
from tests.undos import counts, forecast, kept, things_of, undo

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]
FANS = [["A", "Fan", "1"], ["B", "Fan", "2"], ["C", "Lamp", "3"]]


def test_what_an_upload_created_is_removed(account):
    upload = import_rows(account, HEADER, FANS)
    assert forecast(upload) == ["Remove 3 variants and 2 products that this upload created."]

    done = undo(upload)

    assert counts(done) == {"removed": 5}
    assert (done.status, done.code) == ("success", "undone")
    assert done.message == "Taken back: 5 removed."
    assert not Variant.objects.exists()
    assert not Product.objects.exists()
    assert forecast(upload) == ["Nothing of this upload is left to take back."]


def test_what_an_upload_changed_is_restored(account):
    import_rows(account, HEADER, FANS)
    before = things_of(account)
    upload = import_rows(
        account, HEADER, [["A", "Fan", "9"], ["B", "Fan", "2"], ["C", "Lamp", "8"]]
    )
    assert forecast(upload) == ["Restore 2 variants that this upload changed."]

    done = undo(upload)

    assert counts(done) == {"restored": 2}
    assert things_of(account) == before


@pytest.mark.parametrize("batch_rows", [1, 7, 2000])
def test_a_crowded_file_with_moves_renames_and_emptied_products_is_taken_back(account, batch_rows):
    import_rows(account, CROWDED, [row.cells for row in first_file(40)])
    before = things_of(account)
    rows = [row.cells for row in changed_file(40)]
    upload = import_rows(account, CROWDED, rows, batch_rows=batch_rows)
    assert things_of(account) != before

    done = undo(upload)

    assert kept(done) == []
    assert things_of(account) == before


def test_the_same_file_can_be_given_again_afterwards(account):
    upload = import_rows(account, HEADER, FANS)
    undo(upload)

    again = import_rows(account, HEADER, FANS)

    assert rows_of(again) == {"created": 3}


def test_what_somebody_has_edited_since_stays_and_is_listed(account):
    import_rows(account, HEADER, FANS)
    upload = import_rows(
        account, [*HEADER, "Display Name"], [["A", "Fan", "9", "Big"], ["B", "Fan", "8", ""]]
    )
    person = UserFactory.create(first_name="Priya", last_name="Nair")
    edit(account, "A", person, price="11")
    assert forecast(upload) == [
        "Restore 1 variant that this upload changed.",
        "Keep 1 to which something else has happened since; each is listed with the reason.",
    ]

    done = undo(upload)

    assert counts(done) == {"restored": 1, "kept": 1}
    assert kept(done) == [(2, "A", "Price", "changed_since")]
    assert "Price: changed since by Priya Nair" in done.kept_rows.get().message
    stored = dict(Variant.objects.values_list("sku", "price"))
    assert (stored["A"], stored["B"]) == (11, 2)
    assert Variant.objects.get(sku="A").display_name == ""


def edit(account, sku, person, **values):
    variant = Variant.objects.get(account=account, sku=sku)
    assert editing.edit_variant(
        account_id=account.pk,
        actor=Actor(user_id=person.pk),
        variant_id=variant.pk,
        values=values,
    )


def test_of_many_updates_only_the_edited_ones_stay(account):
    """More than one step of the undo takes back."""
    many, few = 700, (3, 250, 299, 300, 699)
    import_rows(account, HEADER, [[f"S{n}", f"P{n // 3}", "1.50"] for n in range(many)])
    before = things_of(account)
    upload = import_rows(account, HEADER, [[f"S{n}", f"P{n // 3}", "2"] for n in range(many)])
    person = UserFactory.create()
    for n in few:
        edit(account, f"S{n}", person, price=f"{n}.25")
    assert forecast(upload) == [
        f"Restore {many - len(few)} variants that this upload changed.",
        "Keep 5 to which something else has happened since; each is listed with the reason.",
    ]

    done = undo(upload)

    assert counts(done) == {"restored": many - len(few), "kept": len(few)}
    assert sorted(key for _, key, _, _ in kept(done)) == sorted(f"S{n}" for n in few)
    for now, then in zip(things_of(account)["variants"], before["variants"], strict=True):
        number = int(now["sku"][1:])
        assert now == ({**then, "price": Decimal(f"{number}.25")} if number in few else then)


def test_a_step_takes_a_fixed_number_of_queries(account):
    spent = []
    for size in (5, 60):
        rows = [[f"{size}-{n}", f"{size} {n // 3}", "1"] for n in range(size)]
        created = import_rows(account, HEADER, rows)
        updated = import_rows(account, HEADER, [[*row[:2], "2"] for row in rows])
        for upload in (updated, created):
            with CaptureQueriesContext(connection) as captured:
                undo(upload)
            spent.append(len(captured))

    assert spent[:2] == spent[2:]
