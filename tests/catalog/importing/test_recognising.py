"""Files that change nothing are recognised batch by batch, and judged as if row by row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulk_uploads import tasks
from catalog.importing.recognising import Recogniser
from catalog.models import Product, ProductDecision, Variant
from tests.factories.accounts import AccountFactory
from tests.imports import (
    counts,
    csv_bytes,
    draft,
    import_rows,
    issues,
    judgement_of,
    run_to_end,
    without_digests,
)

pytestmark = pytest.mark.django_db

HEADER = ["Price", "SKU", "Product Name", "Category Path", "Display Name"]
ROWS = [
    ["1", "A", "Fan", "Home", 'He said ","'],
    ["2", 'B","', "Fan", "Home", "\\"],
    ["3", "C\\", 'Lamp 7" \\', "Häll/Ümlaut", ""],
    ["4", "D ", 'Lamp 7" \\', "Häll/Ümlaut", "“°£”"],
    ["5", "Ünïcode", "Iron", "", "two\nlines"],
]


@pytest.fixture
def account():
    return AccountFactory.create()


@pytest.fixture
def recognised(monkeypatch):
    """How many rows of each batch were recognised; 0 for one that was looked at in vain."""
    found = []
    recognise = Recogniser.recognise

    def noting(self, context, glance, decisions):
        outcomes = recognise(self, context, glance, decisions)
        found.append(len(outcomes or ()))
        return outcomes

    monkeypatch.setattr(Recogniser, "recognise", noting)
    return found


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_an_unchanged_file_is_recognised_whatever_its_cells_hold(account, recognised, batch_rows):
    import_rows(account, HEADER, ROWS)
    stored = list(Variant.objects.order_by("id").values())

    again = import_rows(account, HEADER, ROWS, batch_rows=batch_rows)

    assert counts(again) == {"unchanged": 5}
    assert sum(recognised) == 5
    assert list(Variant.objects.order_by("id").values()) == stored
    with without_digests():
        assert judgement_of(import_rows(account, HEADER, ROWS)) == judgement_of(again)


def test_what_recognised_rows_decide_of_products_is_remembered(account, recognised):
    first = import_rows(account, HEADER, ROWS)
    again = import_rows(account, HEADER, ROWS)

    assert recognised == [5]
    decided = ProductDecision.objects.order_by("row").values_list("row", "product_key", "cells")
    assert list(decided.filter(upload=again)) == list(decided.filter(upload=first))


def test_nothing_is_looked_at_in_vain_while_an_empty_catalog_is_filled(account, recognised):
    import_rows(account, HEADER, ROWS, batch_rows=1)

    assert recognised == []


@pytest.mark.parametrize(
    ("place", "row", "expected"),
    [
        (2, ["9", "C\\", 'Lamp 7" \\', "Häll/Ümlaut", ""], {"updated": 1, "unchanged": 4}),
        (2, ["9", "New", 'Lamp 7" \\', "Häll/Ümlaut", ""], {"created": 1, "unchanged": 4}),
        (2, ["1", "A", "Fan", "Home", 'He said ","'], {"failed": 1, "unchanged": 4}),
        (2, ["cheap", "C\\", "Lamp", "", ""], {"failed": 1, "unchanged": 4}),
        (0, ["1", "A", "Fan", "Garden", 'He said ","'], {"updated": 1, "unchanged": 4}),
    ],
    ids=["changed", "new", "repeated", "failing", "product changed"],
)
def test_a_batch_with_one_row_that_is_not_as_it_was_is_judged(
    account, recognised, place, row, expected
):
    import_rows(account, HEADER, ROWS)
    rows = [*ROWS[:place], row, *ROWS[place + 1 :]]

    upload = import_rows(account, HEADER, rows)

    assert counts(upload) == expected
    assert recognised == [0]


def test_a_key_that_another_batch_has_is_refused_also_where_its_row_is_as_it_was(account):
    import_rows(account, HEADER, ROWS)

    upload = import_rows(account, HEADER, [*ROWS, ROWS[0]], batch_rows=2)

    assert counts(upload) == {"unchanged": 5, "failed": 1}
    assert issues(upload) == [(7, "SKU", "A", "repeated_key")]


def test_conflicts_inside_a_product_are_told_of_each_time(account, recognised):
    rows = [["1", "A", "Fan", "Home", ""], ["2", "B", "Fan", "Garden", ""]]
    first = import_rows(account, HEADER, rows)

    again = import_rows(account, HEADER, rows, batch_rows=1)

    assert recognised[0] == 1
    assert issues(again) == issues(first) == [(3, "Category Path", "Garden", "product_conflict")]
    assert counts(again) == {"unchanged": 2}


def test_a_product_that_somebody_else_changed_is_put_right(account, recognised):
    import_rows(account, HEADER, ROWS)
    import_rows(account, ["SKU", "Product Name", "Category Path"], [["A", "Fan", "Garden"]])

    upload = import_rows(account, HEADER, ROWS)

    assert counts(upload)["updated"] >= 1
    assert recognised[-1] == 0
    assert Product.objects.get(key="Fan").category.path == "Home"


def test_a_large_batch_that_turns_out_to_change_something_is_taken_in_parts(account, recognised):
    rows = [[str(n), f"S{n}", f"Fan {n // 4}", "", ""] for n in range(700)]
    import_rows(account, HEADER, rows)
    rows[600][0] = "9000"

    upload = import_rows(account, HEADER, rows)

    assert counts(upload) == {"unchanged": 699, "updated": 1}
    if connection.vendor == "sqlite":
        # No transaction that changes something holds the lock for more rows than it may.
        assert recognised[:2] == [250, 0]


def test_a_recognised_batch_is_a_handful_of_queries(account):
    rows = [[str(n), f"S{n}", f"Fan {n // 4}", "", ""] for n in range(60)]
    import_rows(account, HEADER, rows)
    spent = []
    for batch_rows in (60, 10):
        upload = draft(account, csv_bytes(HEADER, rows))
        with CaptureQueriesContext(connection) as captured:
            while tasks.run_slice(upload.pk, batch_rows=batch_rows):
                pass
        assert counts(run_to_end(upload)) == {"unchanged": 60}
        spent.append(len(captured))

    assert (spent[1] - spent[0]) / 5 <= 11
