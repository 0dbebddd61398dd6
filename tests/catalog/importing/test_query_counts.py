"""A batch costs the same number of queries whatever its size."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from bulk_uploads import tasks
from tests.factories.accounts import AccountFactory
from tests.imports import counts, csv_bytes, draft, import_rows, run_to_end

pytestmark = pytest.mark.django_db

HEADER = [
    "SKU",
    "Product Name",
    "Category Path",
    "Tags",
    "Collections",
    "Price",
    "Media Paths",
    "Variant #; color",
    "Property Set Table #; details #; speed(rpm)",
    "Property Set Media #; Gallery",
]
FEW, MANY = 50, 500


def rows_of(count: int, *, price: str = "10") -> list[list[str]]:
    return [
        [
            f"S{number}",
            f"Fan {number // 4}",
            f"Home/Fans {number // 20}",
            f"new#;tag {number // 10}",
            f"C{number // 10}",
            price,
            f"https://a.example/{number}.png",
            "red",
            "220#;240",
            "https://a.example/all.png",
        ]
        for number in range(count)
    ]


def queries(account: Account, rows: list[list[str]], **options: Any) -> int:
    """Of a whole upload that is one batch: all but the batch is the same for any file."""
    upload = draft(account, csv_bytes(HEADER, rows), **options)
    with CaptureQueriesContext(connection) as captured:
        while tasks.run_slice(upload.pk, batch_rows=2 * MANY):
            pass
    upload = run_to_end(upload)
    assert sum(counts(upload).values()) == len(rows) == upload.done_rows
    return len(captured)


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"on_error": "abort"}])
def test_a_first_import_costs_the_same_whatever_its_size(options):
    few, many = (
        queries(AccountFactory.create(), rows_of(count), **options) for count in (FEW, MANY)
    )

    assert few == many


@pytest.mark.parametrize(
    ("price", "other_file"),
    [("10", False), ("11", False), ("11", True)],
    ids=["unchanged", "changed", "changed after another file"],
)
def test_a_further_import_costs_the_same_whatever_its_size(price, other_file):
    spent = []
    for count in (FEW, MANY):
        account = AccountFactory.create()
        import_rows(account, HEADER, rows_of(count))
        if other_file:
            import_rows(account, ["SKU", "Price"], [[f"S{n}", "9"] for n in range(count)])
        spent.append(queries(account, rows_of(count, price=price)))

    assert spent[0] == spent[1]


def test_rows_that_move_rename_and_fail_cost_the_same_whatever_their_number():
    spent = []
    for count in (FEW, MANY):
        account = AccountFactory.create()
        import_rows(account, HEADER, rows_of(count))
        rows = rows_of(count)
        for number, row in enumerate(rows):
            row[1] = "All" if number % 2 else row[1]
            row[5] = "cheap" if number % 5 == 0 else row[5]
        spent.append(queries(account, rows))

    assert spent[0] == spent[1]


def test_an_unchanged_batch_is_a_dozen_of_queries():
    account = AccountFactory.create()
    import_rows(account, HEADER, rows_of(MANY))
    one = queries(account, rows_of(FEW))
    upload = draft(account, csv_bytes(HEADER, rows_of(MANY)))
    with CaptureQueriesContext(connection) as captured:
        while tasks.run_slice(upload.pk, batch_rows=FEW):
            pass

    batches = MANY // FEW
    assert (len(captured) - one) / (batches - 1) <= 12
