"""People go on editing while a file is imported; each of both is seen by the other."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from catalog.editing import delete_product, delete_variant, edit_product, edit_variant
from catalog.models import Product
from catalog.writing.context import Actor
from tests.catalog.importing.stored import changes, prices, product, products_of, variant
from tests.imports import (
    counts,
    import_rows,
    interrupted,
    issues,
    outcomes,
)

HEADER = ["SKU", "EAN", "Product Name", "Category Path", "Price"]
ROWS = [["A", "", "Fan", "Home", "1"], ["B", "", "Fan", "Home", "2"], ["C", "", "Fan", "Home", "3"]]
EAN = "4006381333931"


def before_the_second_row(action: Callable[[], object]) -> AbstractContextManager[None]:
    return interrupted(lambda batch: batch == 2 and action())


def edit(account, sku: str, **values: object) -> None:
    edit_variant(
        account_id=account.pk,
        actor=Actor(),
        variant_id=variant(account, sku).pk,
        values=values,
    )


@pytest.fixture(autouse=True)
def _imported_before(account):
    import_rows(account, HEADER, ROWS)


def test_an_edit_behind_the_importer_stays_and_one_ahead_of_it_is_overwritten(account):
    def edit_both() -> None:
        edit(account, "A", price="100")
        edit(account, "C", price="300")

    with before_the_second_row(edit_both):
        upload = import_rows(account, HEADER, ROWS, batch_rows=1)

    assert outcomes(upload) == {2: "unchanged", 3: "unchanged", 4: "updated"}
    assert prices(account) == {"A": 100, "B": 2, "C": 3}
    assert [(change[1], change[3], change[5]) for change in changes(account)] == [
        ("A", None, {"price": ["1", "100"]}),
        ("C", 1, {"price": ["300", "3"]}),
        ("C", None, {"price": ["3", "300"]}),
    ]


def test_an_edited_product_stays_edited_once_its_first_row_is_past(account):
    def move_shelf() -> None:
        edit_product(
            account_id=account.pk,
            actor=Actor(),
            product_id=Product.objects.get(account=account).pk,
            category_path="Garden",
        )

    with before_the_second_row(move_shelf):
        upload = import_rows(account, HEADER, ROWS, batch_rows=1)

    assert counts(upload) == {"unchanged": 3}
    assert product(account, "Fan")["category"] == "Garden"


def test_an_ean_given_away_meanwhile_fails_only_the_row_that_wants_it(account):
    rows = [ROWS[0], ["B", EAN, "Fan", "Home", "2"], ROWS[2]]

    with before_the_second_row(lambda: edit(account, "C", ean=EAN)):
        upload = import_rows(account, HEADER, rows, batch_rows=1)

    assert outcomes(upload) == {2: "unchanged", 3: "failed", 4: "unchanged"}
    assert issues(upload) == [(3, "EAN", EAN, "ean_taken")]


def test_all_or_nothing_says_what_went_wrong_only_after_its_clean_check(account):
    """Three rows are three batches of the check: the fifth is the second to be applied."""
    rows = [ROWS[0], ["B", EAN, "Fan", "Home", "2"], ROWS[2]]
    give_away = interrupted(lambda batch: edit(account, "C", ean=EAN) if batch == 5 else None)

    with give_away:
        upload = import_rows(account, HEADER, rows, batch_rows=1, on_error="abort")

    assert (upload.status, upload.output["code"]) == ("failure", "apply_failed")
    assert counts(upload) == {"failed": 1, "not_applied": 2}
    assert issues(upload) == [(3, "EAN", EAN, "ean_taken")]
    assert upload.output["message"] == (
        "The check was clean, but 1 row failed when applied, because something else was changed "
        "in between. What was applied has been taken back: nothing of this upload stays."
    )


def test_a_variant_deleted_ahead_of_the_importer_is_made_again(account):
    def delete() -> None:
        delete_variant(account_id=account.pk, actor=Actor(), variant_id=variant(account, "C").pk)

    with before_the_second_row(delete):
        upload = import_rows(account, HEADER, ROWS, batch_rows=1)

    assert outcomes(upload) == {2: "unchanged", 3: "unchanged", 4: "created"}


def test_a_product_deleted_meanwhile_is_made_again_by_the_rows_to_come(account):
    def delete() -> None:
        delete_product(
            account_id=account.pk,
            actor=Actor(),
            product_id=Product.objects.get(account=account).pk,
        )

    with before_the_second_row(delete):
        upload = import_rows(account, HEADER, ROWS, batch_rows=1)

    assert outcomes(upload) == {2: "unchanged", 3: "created", 4: "created"}
    assert products_of(account) == {"B": "Fan", "C": "Fan"}
    assert product(account, "Fan")["category"] == "Home"
