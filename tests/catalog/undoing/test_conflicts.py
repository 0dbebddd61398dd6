"""What stands against taking something back, each told with its reason; and what does not."""

import pytest

from bulk_uploads.models import BulkUpload
from catalog import editing
from catalog.models import Change, Product, StockLevel, Variant
from catalog.undoing.forecast import forecast as forecast_of
from catalog.writing.context import Actor
from tests.factories.accounts import AccountFactory, UserFactory
from tests.imports import import_bytes, import_rows
from tests.undos import counts, forecast, kept, things_of, undo

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "EAN", "Price"]
EANS = ["4006381333931", "9780201379624", "8712345678906"]
ROWS = [["A", "Fan", EANS[0], "1"], ["B", "Fan", EANS[1], "2"], ["C", "Lamp", EANS[2], "3"]]


@pytest.fixture(autouse=True)
def first(account) -> BulkUpload:
    return import_rows(account, HEADER, ROWS)


def variant(sku):
    return Variant.objects.get(sku=sku)


def edit(account, sku, **given):
    assert editing.edit_variant(
        account_id=account.pk,
        actor=Actor(user_id=UserFactory.create().pk),
        variant_id=variant(sku).pk,
        **given,
    )


def test_uploads_undone_from_the_last_on_do_not_stand_in_each_others_way(account):
    states = [things_of(account)]
    uploads = []
    for price in ("5", "6", "7"):
        uploads.append(import_rows(account, HEADER, [[*row[:3], price] for row in ROWS]))
        states.append(things_of(account))

    for upload, before in zip(reversed(uploads), reversed(states[:-1]), strict=True):
        assert counts(undo(upload)) == {"restored": 3}
        assert things_of(account) == before


def test_an_older_upload_undone_first_keeps_what_the_newer_one_set(account):
    older = import_rows(account, HEADER, [["A", "Fan", EANS[0], "5"], ["B", "Fan", EANS[1], "5"]])
    newer = import_rows(account, HEADER, [["A", "Fan", EANS[0], "6"]])

    done = undo(older)

    assert counts(done) == {"restored": 1, "kept": 1}
    assert (variant("A").price, variant("B").price) == (6, 2)
    assert kept(done) == [(2, "A", "Price", "changed_since")]
    undo(newer)
    assert variant("A").price == 5


def test_a_created_variant_that_was_edited_or_stocked_stays_with_its_product(account, first):
    edit(account, "A", values={"price": "9"})
    stock = import_bytes(
        account,
        b"SKU,Location,Quantity\nC,Shop,4\n",
        processor_name="product_catalog_stock_csv_upload_processor",
    )
    assert stock.created_rows == 1
    expected = [
        "Remove 1 variant that this upload created.",
        "Keep 4 to which something else has happened since; each is listed with the reason.",
    ]
    assert forecast(first) == expected

    done = undo(first)

    assert counts(done) == {"removed": 1, "kept": 4}
    assert kept(done) == [
        (2, "A", "Price", "changed_since"),
        (4, "C", "", "stocked"),
        (None, "Fan", "", "has_variants"),
        (None, "Lamp", "", "has_variants"),
    ]
    assert sorted(Variant.objects.values_list("sku", flat=True)) == ["A", "C"]
    assert StockLevel.objects.get().variant == variant("C")

    undo(stock)
    assert not StockLevel.objects.exists()


def test_what_somebody_has_deleted_is_not_made_again(account):
    upload = import_rows(account, HEADER, [[*row[:3], "9"] for row in ROWS])
    gone = variant("B")
    editing.delete_variant(account_id=account.pk, actor=Actor(), variant_id=gone.pk)

    done = undo(upload)

    assert counts(done) == {"restored": 2, "kept": 1}
    assert kept(done) == [(3, "B", "", "deleted_since")]
    assert not Variant.objects.filter(sku="B").exists()


@pytest.mark.parametrize("batch_rows", [1, 2, 2000])
def test_eans_that_changed_hands_in_the_file_go_back(account, batch_rows):
    before = things_of(account)
    rows = [["A", "Fan", "", "1"], ["C", "Lamp", EANS[0], "3"], ["B", "Fan", EANS[2], "2"]]
    upload = import_rows(account, HEADER, rows, batch_rows=batch_rows, blank_cells="clear")
    assert upload.updated_rows == 3

    assert counts(undo(upload)) == {"restored": 3}

    assert things_of(account) == before


def test_an_ean_that_belongs_to_somebody_else_now_is_not_taken_from_them(account):
    upload = import_rows(account, HEADER, [["A", "Fan", "", "9"]], blank_cells="clear")
    edit(account, "B", values={"ean": EANS[0]})

    done = undo(upload)

    assert kept(done) == [(2, "A", "EAN", "ean_taken")]
    assert done.kept_rows.get().message == f"The EAN {EANS[0]} belongs to B now."
    assert (variant("A").ean, variant("A").price) == ("", 1)


def test_a_removed_product_whose_name_is_taken_stays_away_and_so_do_its_variants(account):
    upload = import_rows(account, HEADER, [["C", "Fan", EANS[2], "3"]])
    assert not Product.objects.filter(key="Lamp").exists()
    editing.create_product(account_id=account.pk, actor=Actor(), name="Lamp")

    done = undo(upload)

    assert counts(done) == {"kept": 2}
    assert [(key, code) for _, key, _, code in kept(done)] == [
        ("Lamp", "key_taken"),
        ("C", "product_gone"),
    ]
    assert variant("C").product.key == "Fan"


def test_a_product_renamed_since_keeps_its_name_and_its_variants(account):
    upload = import_rows(account, HEADER, [["C", "Lantern", EANS[2], "9"]])
    lamp = variant("C").product
    editing.edit_product(account_id=account.pk, actor=Actor(), product_id=lamp.pk, name="Torch")

    done = undo(upload)

    assert kept(done) == [(None, "Torch", "Product key, Name", "changed_since")]
    assert (variant("C").product_id, variant("C").price) == (lamp.pk, 3)


def test_a_moved_variant_that_was_moved_again_stays_where_it_is(account):
    upload = import_rows(account, HEADER, [["B", "Chair", EANS[1], "9"]])
    lamp = Product.objects.get(key="Lamp")
    edit(account, "B", product_id=lamp.pk)

    done = undo(upload)

    # The chair, which the upload made and which nobody sits on any more, goes.
    assert counts(done) == {"removed": 1, "kept": 1}
    assert kept(done) == [(2, "B", "Product", "changed_since")]
    assert (variant("B").product, variant("B").price) == (lamp, 2)
    assert not Product.objects.filter(key="Chair").exists()


def test_the_undo_is_in_the_log_with_who_asked_for_it(account):
    person = UserFactory.create()
    upload = import_rows(account, HEADER, [["A", "Fan", EANS[0], "9"]])

    undo(upload, requested_by=person)

    change = Change.objects.latest("id")
    assert (change.undo_of, change.user, change.upload) == (upload, person, None)
    assert change.fields == {"price": ["9", "1"]}
    assert variant("A").last_change_id == change.pk
    again = import_rows(account, HEADER, [["A", "Fan", EANS[0], "9"]])
    assert again.updated_rows == 1


def test_a_full_feed_gives_back_what_it_deactivated(account):
    before = things_of(account)
    upload = import_rows(
        account, HEADER, [[*row[:3], "9"] for row in ROWS[:2]], absent="deactivate", absent_share=50
    )
    assert variant("C").active is False

    assert counts(undo(upload)) == {"restored": 3}

    assert things_of(account) == before


def test_another_accounts_catalog_is_not_touched(account):
    other = AccountFactory.create()
    import_rows(other, HEADER, ROWS)
    before = things_of(other)
    upload = import_rows(account, HEADER, [[*row[:3], "9"] for row in ROWS])

    undo(upload)

    assert things_of(other) == before


def test_a_forecast_from_a_part_of_very_many_says_what_it_is_a_bound_of(account, first):
    prices = import_rows(account, ["SKU", "Price"], [["A", "5"], ["B", "6"], ["C", "7"]])
    for sku in "ABC":
        edit(account, sku, values={"price": "9"})

    created = forecast_of(upload_id=first.pk, account_id=account.pk, most=2)
    changed = forecast_of(upload_id=prices.pk, account_id=account.pk, most=2)

    assert [sentence.partition(" to which")[0] for sentence in created] == ["Keep at least 3"]
    assert [sentence.partition(" to which")[0] for sentence in changed] == [
        "Restore at most 1 variant that this upload changed.",
        "Keep at least 2",
    ]


def test_a_forecast_of_very_many_new_ones_says_at_least(account, first):
    assert forecast_of(upload_id=first.pk, account_id=account.pk, most=2) == [
        "Remove at least 2 variants that this upload created, and products that this empties.",
    ]
    assert forecast(first) == ["Remove 3 variants and 2 products that this upload created."]
