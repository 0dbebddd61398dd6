"""Small files in the shapes of other systems, written column by column."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, import_rows, judgement_of


def table(*rows: dict[str, str], header: Sequence[str] = ()) -> tuple[list[str], list[list[str]]]:
    """Header and rows of cells; columns in the order of their first appearance."""
    columns = list(dict.fromkeys([*header, *(name for row in rows for name in row)]))
    return columns, [[row.get(name, "") for name in columns] for row in rows]


def import_table(
    account: Account, *rows: dict[str, str], header: Sequence[str] = (), **options: Any
) -> BulkUpload:
    return import_rows(account, *table(*rows, header=header), **options)


def assert_batches_do_not_matter(*rows: dict[str, str], header: Sequence[str] = ()) -> None:
    """In batches of 1, 7 and 2,000 rows: the same catalog, outcomes and issues."""
    results = []
    for batch_rows in (1, 7, 2_000):
        account = AccountFactory.create()
        upload = import_table(account, *rows, header=header, batch_rows=batch_rows)
        results.append((judgement_of(upload), catalog_of(account)))
    assert results[0] == results[1] == results[2]
