"""What the database refuses fails one row; what is no row's fault fails none."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from bulk_uploads import tasks
from bulk_uploads.models import BulkUpload, RowIssue, RowResult
from catalog.models import Variant
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.imports import (
    catalog_of,
    counts,
    csv_bytes,
    draft,
    import_rows,
    interrupted,
    issues,
    messages,
    outcomes,
    run_to_end,
)

HEADER = ["SKU", "Product Name", "Category Path", "Price"]
ROWS = [[f"S{number}", f"Fan {number // 5}", "Home", str(number)] for number in range(40)]
IN_BATCHES = pytest.mark.parametrize("batch_rows", [1, 7, 2_000])


@pytest.fixture
def account(db):
    return AccountFactory.create()


def refuse(*skus: str) -> None:
    """The database itself refuses to store these SKUs, as any constraint would."""
    unwanted = ", ".join(f"'{sku}'" for sku in skus)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER refuse_some BEFORE INSERT ON catalog_variant "
                f"WHEN NEW.sku IN ({unwanted}) BEGIN SELECT RAISE(ABORT, 'unwanted SKU'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'unwanted SKU' USING ERRCODE = 'check_violation'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER refuse_some BEFORE INSERT ON catalog_variant FOR EACH ROW "
                f"WHEN (NEW.sku IN ({unwanted})) EXECUTE FUNCTION refuse_some()"
            )


@IN_BATCHES
def test_only_the_row_that_the_database_refuses_fails(account, batch_rows):
    refuse("S13")

    upload = import_rows(account, HEADER, ROWS, batch_rows=batch_rows)

    assert (upload.status, upload.output["code"]) == ("success", "completed_with_errors")
    assert counts(upload) == {"created": 39, "failed": 1}
    assert [row for row, outcome in outcomes(upload).items() if outcome == "failed"] == [15]
    assert issues(upload) == [(15, "", "", "data_error")]
    assert messages(upload) == [
        "The database refuses this row: unwanted SKU. Correct it and retry."
    ]
    assert Variant.objects.count() == 39


@IN_BATCHES
def test_the_catalog_is_as_if_the_refused_rows_had_not_been_in_the_file(account, batch_rows):
    refuse("S0", "S13", "S14", "S39")
    unwanted = {"S0", "S13", "S14", "S39"}
    reference = AccountFactory.create()

    upload = import_rows(account, HEADER, ROWS, batch_rows=batch_rows)
    import_rows(reference, HEADER, [row for row in ROWS if row[0] not in unwanted])

    assert counts(upload) == {"created": 36, "failed": 4}
    assert catalog_of(account) == catalog_of(reference)


def test_a_row_that_decides_its_product_and_is_refused_leaves_that_to_the_next(account):
    refuse("A")

    upload = import_rows(account, HEADER, [["A", "Fan", "Garden", ""], ["B", "Fan", "Home", ""]])

    assert outcomes(upload) == {2: "failed", 3: "created"}
    assert [issue[3] for issue in issues(upload)] == ["data_error"]
    assert [product[2] for product in catalog_of(account)["products"]] == ["Home"]


@IN_BATCHES
def test_a_dry_run_finds_the_refused_row_as_well(account, batch_rows):
    refuse("S13")

    upload = import_rows(account, HEADER, ROWS, batch_rows=batch_rows, dry_run=True)

    assert counts(upload) == {"created": 39, "failed": 1}
    assert issues(upload) == [(15, "", "", "data_error")]
    assert not Variant.objects.exists()


def test_all_or_nothing_stops_at_a_row_that_the_database_refuses(account):
    refuse("S13")

    upload = import_rows(account, HEADER, ROWS, on_error="abort")

    assert (upload.status, upload.output["code"]) == ("failure", "rows_failed")
    assert counts(upload) == {"failed": 1, "not_applied": 39}
    assert not any(
        rows for name, rows in catalog_of(account).items() if name not in ("attributes", "sets")
    )


@contextmanager
def table_missing() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_variant RENAME TO elsewhere")
        yield
        cursor.execute("ALTER TABLE elsewhere RENAME TO catalog_variant")


def test_an_error_that_is_no_rows_fault_puts_the_upload_off_and_blames_no_row(account):
    upload = draft(account, csv_bytes(HEADER, ROWS))

    with table_missing():
        before = clock.now()
        assert tasks.run_slice(upload.pk) is False

    upload.refresh_from_db()
    assert upload.status == "in_progress"
    assert upload.run_after >= before + timedelta(seconds=1)
    assert (upload.claim_token, upload.checkpoint_row, upload.done_rows) == (None, 0, 0)
    assert not RowResult.objects.exists()
    assert not RowIssue.objects.exists()


def test_an_upload_that_was_put_off_ends_as_if_nothing_had_happened(account):
    upload = draft(account, csv_bytes(HEADER, ROWS))
    with table_missing():
        tasks.run_slice(upload.pk)
    BulkUpload.objects.filter(pk=upload.pk).update(run_after=clock.now())

    upload = run_to_end(upload)

    assert counts(upload) == {"created": 40}
    assert issues(upload) == []


def test_an_upload_that_fails_five_times_over_is_stuck(account):
    upload = draft(account, csv_bytes(HEADER, ROWS))
    with table_missing():
        # The first attempt gets as far as reading the file, which is progress.
        for attempt in range(tasks.MOST_ATTEMPTS + 1):
            assert tasks.run_slice(upload.pk) is False
            upload.refresh_from_db()
            assert upload.attempts == attempt
            BulkUpload.objects.filter(pk=upload.pk).update(run_after=clock.now())

    upload = run_to_end(upload)

    assert (upload.status, upload.output["code"]) == ("failure", "stuck")
    assert counts(upload) == {"not_applied": 40}
    assert issues(upload) == []


def test_an_upload_that_cannot_be_finished_is_stuck_too(account, private_files):
    """After the last row its spool is gone, which finishing looks at once more."""
    upload = draft(account, csv_bytes(HEADER, ROWS))

    def lose_the_spool(batch: int) -> None:
        (spool,) = (private_files / str(account.uuid) / "private" / "spools").iterdir()
        spool.unlink()

    with interrupted(lose_the_spool):
        for _ in range(tasks.MOST_ATTEMPTS + 1):
            tasks.run_slice(upload.pk)
            BulkUpload.objects.filter(pk=upload.pk).update(run_after=clock.now())

    upload = run_to_end(upload)

    assert (upload.status, upload.output["code"]) == ("failure", "stuck")
    assert "at finishing, after the last row was applied" in upload.output["message"]
    assert counts(upload) == {"created": 40}


@contextmanager
def other_writer() -> Iterator[None]:
    """Another process holds what a batch needs, for longer than a batch waits."""
    other: Any
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        hurry = "PRAGMA busy_timeout = 50"
    else:
        other = psycopg.connect(**connection.get_connection_params())
        other.execute("LOCK TABLE catalog_variant IN ACCESS EXCLUSIVE MODE")
        hurry = "SET lock_timeout = '50ms'"
    with connection.cursor() as cursor:
        cursor.execute(hurry)
    try:
        yield
    finally:
        other.close()
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_somebody_else_holds_makes_the_batch_come_again():
    account = AccountFactory.create()
    upload = draft(account, csv_bytes(HEADER, ROWS))
    lock = other_writer()

    def take_lock_at_the_third(batch: int) -> None:
        if batch == 3:
            lock.__enter__()

    with interrupted(take_lock_at_the_third):
        try:
            tasks.run_slice(upload.pk, batch_rows=10)
        except OperationalError:
            # SQLite's lock stands in the way of putting the upload off, too.
            assert connection.vendor == "sqlite"
        lock.__exit__(None, None, None)

    upload.refresh_from_db()
    assert (upload.status, upload.checkpoint_row, upload.created_rows) == ("in_progress", 21, 20)
    assert RowResult.objects.count() == 20
    assert not RowIssue.objects.exists()
    BulkUpload.objects.filter(pk=upload.pk).update(
        run_after=clock.now(), lease_expires_at=clock.now()
    )
    upload = run_to_end(upload)
    assert counts(upload) == {"created": 40}
    assert issues(upload) == []
