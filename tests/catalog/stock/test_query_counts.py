"""A batch of a stock file costs the same number of queries whatever its size."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from bulk_uploads import tasks
from catalog.stock.processor import STOCK_PROCESSOR
from tests.catalog.stock.stocking import stock_rows, variants
from tests.factories.accounts import AccountFactory
from tests.imports import csv_bytes, draft, run_to_end

pytestmark = pytest.mark.django_db

LONG = ["SKU", "Location", "Quantity"]
FEW, MANY = 20, 200


def long_rows(count: int, *, quantity: str = "5") -> list[list[str]]:
    rows = [[f"S{n}", f"Place {n % 7}", quantity] for n in range(count)]
    return [*rows, ["missing", "Delhi", "1"], ["S0", "Place 0", "1"], ["S1", "Delhi", "x"]]


def queries(account: Account, header: list[str], rows: list[list[str]], **options: Any) -> int:
    """Of a whole upload that is one batch."""
    upload = draft(account, csv_bytes(header, rows), processor_name=STOCK_PROCESSOR, **options)
    with CaptureQueriesContext(connection) as captured:
        while tasks.run_slice(upload.pk, batch_rows=2 * MANY):
            pass
    assert run_to_end(upload).done_rows == len(rows)
    return len(captured)


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"mode": "adjust"}])
@pytest.mark.parametrize("stored", ["nothing", "the same", "other quantities"])
def test_long_files(options, stored):
    spent = []
    for count in (FEW, MANY):
        account = AccountFactory.create()
        variants(account, *(f"S{n}" for n in range(count)))
        if stored != "nothing":
            quantity = "5" if stored == "the same" else "6"
            stock_rows(account, LONG, long_rows(count, quantity=quantity))
        spent.append(queries(account, LONG, long_rows(count), **options))

    assert spent[0] == spent[1]


def test_wide_files():
    spent = []
    for count in (FEW, MANY):
        account = AccountFactory.create()
        variants(account, *(f"S{n}" for n in range(count)))
        header = ["SKU", *(f"Place {n}" for n in range(count // 10))]
        rows = [[f"S{n}", *("3" for _ in header[1:])] for n in range(count)]
        spent.append(queries(account, header, rows))

    assert spent[0] == spent[1]
