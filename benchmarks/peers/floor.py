"""The floor: nothing but batch writes of exactly the rows that an import leaves behind.

Ids are known, nothing is looked up, nothing is checked except by the database itself.
"""

import gc
from pathlib import Path
from time import perf_counter
from typing import Protocol

from django.db import connection, transaction

from benchmarks.floor_plan import Write, batches
from benchmarks.outcome import Outcome
from benchmarks.snapshots import CONTEXT, Snapshot, TableRows, load_snapshot


def measure(*, after: str, before: str | None) -> Outcome:
    """Writes what leads from the snapshot `before` (None: the empty tables) to `after`."""
    goal = load_snapshot(Path(after))
    start = load_snapshot(Path(before)) if before else _nothing(goal)
    floor = _SqliteFloor() if connection.vendor == "sqlite" else _PostgresFloor()
    start = _with_context(start, goal)
    floor.write([Write(table, stored.columns, stored.rows) for table, stored in start.items()])
    planned = batches(start, goal)
    del start, goal
    # So many rows in memory would otherwise be looked at again and again while the clock runs.
    gc.collect()
    gc.freeze()
    started = perf_counter()
    for batch in planned:
        floor.write(batch)
    return Outcome(
        seconds={"total": perf_counter() - started},
        facts={"written": _written(planned)},
    )


def _nothing(snapshot: Snapshot) -> Snapshot:
    return {table: TableRows(stored.columns, stored.key, []) for table, stored in snapshot.items()}


def _with_context(start: Snapshot, goal: Snapshot) -> Snapshot:
    """The start, with the uploads of the goal in it: they are there before the first row is."""
    context = {model._meta.db_table for model in CONTEXT}
    return {table: goal[table] if table in context else start[table] for table in goal}


def _written(planned: list[list[Write]]) -> dict[str, int]:
    written: dict[str, int] = {}
    for batch in planned:
        for write in batch:
            name = f"{write.table} ({'updated' if write.key else 'inserted'})"
            written[name] = written.get(name, 0) + len(write.rows)
    return written


class _Floor(Protocol):
    def write(self, batch: list[Write]) -> None:
        """All of it in one transaction."""


class _SqliteFloor:
    """`executemany` on the driver's own connection, with the settings the application has."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._driver = connection.connection

    def write(self, batch: list[Write]) -> None:
        self._driver.execute("BEGIN IMMEDIATE")
        for write in batch:
            if write.key:
                size = len(write.key)
                rows = [row[size:] + row[:size] for row in write.rows]
                self._driver.executemany(_update_statement(write), rows)
            else:
                self._driver.executemany(_insert_statement(write), write.rows)
        self._driver.execute("COMMIT")


def _insert_statement(write: Write) -> str:
    places = ", ".join("?" * len(write.columns))
    return f'INSERT INTO "{write.table}" ({_names(write.columns)}) VALUES ({places})'


def _update_statement(write: Write) -> str:
    assignments = ", ".join(f'"{name}" = ?' for name in write.columns[len(write.key) :])
    conditions = " AND ".join(f'"{name}" = ?' for name in write.key)
    return f'UPDATE "{write.table}" SET {assignments} WHERE {conditions}'


class _PostgresFloor:
    """COPY, into a staging table first where rows are updated."""

    def write(self, batch: list[Write]) -> None:
        with transaction.atomic():
            for write in batch:
                if write.key:
                    self._update(write)
                else:
                    self._copy(write.table, write)

    def _update(self, write: Write) -> None:
        staging = f"staging_{write.table}"
        assignments = ", ".join(
            f'"{name}" = "{staging}"."{name}"' for name in write.columns[len(write.key) :]
        )
        conditions = " AND ".join(
            f'"{write.table}"."{name}" = "{staging}"."{name}"' for name in write.key
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f'CREATE TEMPORARY TABLE IF NOT EXISTS "{staging}" ON COMMIT DELETE ROWS '
                f'AS SELECT {_names(write.columns)} FROM "{write.table}" WITH NO DATA'
            )
        self._copy(staging, write)
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{write.table}" SET {assignments} FROM "{staging}" WHERE {conditions}'
            )

    def _copy(self, table: str, write: Write) -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({_names(write.columns)}) FROM STDIN') as copy,
        ):
            for row in write.rows:
                copy.write_row(row)


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
