"""A batch of a pincode file costs the same number of queries whatever its size."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from bulk_uploads import tasks
from delivery.importing.processor import BLUEDART_PROCESSOR
from tests.delivery.courier_lists import SHORT, pincode_rows, short
from tests.factories.accounts import AccountFactory
from tests.imports import csv_bytes, draft, run_to_end

pytestmark = pytest.mark.django_db

FEW, MANY = 20, 200


def rows_of(count: int, *, cod: str = "Y") -> list[list[str]]:
    return [*(short(str(411_000 + n), cod=cod) for n in range(count)), short("41")]


def queries(account: Account, rows: list[list[str]], **options: Any) -> int:
    """Of a whole upload that is one batch."""
    upload = draft(account, csv_bytes(SHORT, rows), processor_name=BLUEDART_PROCESSOR, **options)
    with CaptureQueriesContext(connection) as captured:
        while tasks.run_slice(upload.pk, batch_rows=2 * MANY):
            pass
    assert run_to_end(upload).done_rows == len(rows)
    return len(captured)


@pytest.mark.parametrize("options", [{}, {"dry_run": True}])
@pytest.mark.parametrize("stored", ["nothing", "the same", "other flags"])
def test_rows(options, stored):
    spent = []
    for count in (FEW, MANY):
        account = AccountFactory.create()
        if stored != "nothing":
            cod = "Y" if stored == "the same" else "N"
            pincode_rows(account, SHORT, rows_of(count, cod=cod))
        spent.append(queries(account, rows_of(count), **options))

    assert spent[0] == spent[1]


def test_taking_pincodes_off_the_list():
    spent = []
    for count in (FEW, MANY):
        account = AccountFactory.create()
        pincode_rows(account, SHORT, rows_of(count))
        spent.append(queries(account, [short("560001")], replace=True))

    assert spent[0] == spent[1]
