"""On a first import rows are taken for new; where that is wrong, the database says so."""

from collections.abc import Callable

import pytest

from catalog.editing import create_product, create_variant, delete_product
from catalog.importing.applying import BatchApplier
from catalog.importing.looking_up import LookUp
from catalog.models import Product, Variant
from catalog.writing.context import Actor
from tests.catalog.importing.stored import product, products_of, variant
from tests.imports import (
    catalog_of,
    counts,
    import_rows,
    interrupted,
    issues,
    judgement_of,
    outcomes,
    without_presuming,
)

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "EAN", "Product Name", "Category Path", "Price"]
EAN = "4006381333931"


def rows_of(*numbers: int) -> list[list[str]]:
    return [[f"S{number}", "", f"Fan {number // 3}", "Home", "1"] for number in numbers]


@pytest.fixture
def taken(monkeypatch) -> list[str]:
    """How each batch was taken; one that the database refused was taken twice."""
    found: list[str] = []
    known, apply_foreseen = LookUp.known, BatchApplier.apply_foreseen

    def looking_up(self, *args):
        found.append("looked up")
        return known(self, *args)

    def presuming(self, *args):
        found.append("presumed")
        return apply_foreseen(self, *args)

    monkeypatch.setattr(LookUp, "known", looking_up)
    monkeypatch.setattr(BatchApplier, "apply_foreseen", presuming)
    return found


def test_all_batches_into_an_empty_catalog_are_presumed_new(account, taken):
    upload = import_rows(account, HEADER, rows_of(*range(12)), batch_rows=4)

    assert taken == ["presumed"] * 3
    assert counts(upload) == {"created": 12}
    assert products_of(account) == {f"S{number}": f"Fan {number // 3}" for number in range(12)}


def test_a_file_of_new_rows_is_presumed_new_behind_its_first_batches_elsewhere(account, taken):
    import_rows(account, HEADER, [["Other", "", "Lamp", "", "1"]])
    taken.clear()

    upload = import_rows(account, HEADER, rows_of(*range(24)), batch_rows=4)

    assert counts(upload) == {"created": 24}
    assert taken[0] == "looked up"
    assert taken[-2:] == ["presumed", "presumed"]


@pytest.mark.parametrize(
    "last",
    [
        ["Other", "", "Fan 3", "Home", "5"],
        ["S10", "", "Lamp", "Home", "5"],
        ["S10", EAN, "Fan 3", "Home", "5"],
        ["S0", "", "Fan 3", "Home", "5"],
        ["S10", "", "Fan 0", "Garden", "5"],
        ["", "", "Fan 3", "Home", "5"],
        ["Other", "", "", "Home", "5"],
        ["7", "", "Fan 3", "Home", "5"],
        ["1.22E+11", "", "Fan 3", "Home", "5"],
    ],
    ids=[
        "a stored SKU",
        "a stored product",
        "a stored EAN",
        "a key of an earlier batch",
        "a product of an earlier batch",
        "no key",
        "a stored SKU without a name",
        "a SKU that lost its zeros",
        "a SKU in scientific notation",
    ],
)
def test_what_is_not_new_comes_to_the_same_as_if_it_were_looked_up(account, last):
    known = [
        ["Other", EAN, "Lamp", "", "1"],
        ["007", "", "Lamp", "", "1"],
        ["122000000000", "", "", "", ""],
    ]
    rows = [*rows_of(*range(10)), last, *rows_of(11, 12, 13, 14)]
    import_rows(account, HEADER, known)
    with without_presuming():
        other = type(account).objects.create(name="Other", slug="other", currency=account.currency)
        import_rows(other, HEADER, known)
        looked_up = import_rows(other, HEADER, rows, batch_rows=2)

    presumed = import_rows(account, HEADER, rows, batch_rows=2)

    assert judgement_of(presumed) == judgement_of(looked_up)
    assert catalog_of(account) == catalog_of(other)


def test_once_wrong_nothing_more_is_presumed(account, taken):
    rows = rows_of(0, 1, 2, 3, 0, *range(4, 12))

    upload = import_rows(account, HEADER, rows, batch_rows=2)

    assert outcomes(upload)[6] == "failed"
    assert issues(upload) == [(6, "SKU", "S0", "repeated_key")]
    assert taken[:4] == ["presumed", "presumed", "presumed", "looked up"]
    assert "presumed" not in taken[4:]


def test_a_batch_with_a_row_that_fails_is_looked_up(account, taken):
    """The row might fail only for being taken for new."""
    rows = rows_of(*range(8))
    rows[5][4] = "cheap"

    upload = import_rows(account, HEADER, rows, batch_rows=4)

    assert taken == ["presumed", "looked up"]
    assert counts(upload) == {"created": 7, "failed": 1}


def test_a_dry_run_presumes_nothing(account, taken):
    import_rows(account, HEADER, rows_of(*range(8)), batch_rows=4, dry_run=True)

    assert taken == ["looked up", "looked up"]


def _same_variant(account) -> None:
    lamp = create_product(account_id=account.pk, actor=Actor(), name="Lamp")
    create_variant(
        account_id=account.pk, actor=Actor(), product_id=lamp, sku="S4", values={"price": "9"}
    )


def _same_product(account) -> None:
    create_product(account_id=account.pk, actor=Actor(), name="Fan 2")


@pytest.mark.parametrize("meddle", [_same_variant, _same_product])
def test_what_people_make_meanwhile_is_seen(account, taken, meddle: Callable[..., None]):
    def in_the_middle(batch: int) -> None:
        if batch == 3:
            meddle(account)

    with interrupted(in_the_middle):
        upload = import_rows(account, HEADER, rows_of(*range(8)), batch_rows=2)

    assert upload.failed_rows == 0
    assert "looked up" in taken
    assert product(account, "Fan 2")["category"] == "Home"
    assert Variant.objects.filter(account=account, sku__in=["S4", "S5", "S6", "S7"]).count() == 4
    assert variant(account, "S4").price == 1


@pytest.mark.django_db(transaction=True)
def test_a_product_that_somebody_deletes_meanwhile_is_made_again(account, taken):
    """The one that the batch before has begun, and the next goes on with."""

    def delete_fan(batch: int) -> None:
        if batch == 3:
            fan = Product.objects.get(account=account, key="Fan 1")
            delete_product(account_id=account.pk, actor=Actor(), product_id=fan.pk)

    with interrupted(delete_fan):
        upload = import_rows(account, HEADER, rows_of(*range(8)), batch_rows=2)

    assert counts(upload) == {"created": 8}
    assert taken[:4] == ["presumed", "presumed", "presumed", "looked up"]
    assert products_of(account) == {
        f"S{number}": f"Fan {number // 3}" for number in (0, 1, 2, 4, 5, 6, 7)
    }
