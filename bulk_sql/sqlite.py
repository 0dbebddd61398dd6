"""SQLite's way: `executemany`, and lists handed over as one JSON parameter."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper

from bulk_sql.tables import Row

_ROWS_A_STATEMENT = 50
#: SQLITE_MAX_VARIABLE_NUMBER as https://www.sqlite.org/limits.html has it since 3.32.
_MOST_PARAMETERS = 32_766


class SqliteTables:
    # IN over json_each keeps the outer table's index in use; joining json_each does not.
    in_list = "IN (SELECT value FROM json_each(%s))"
    # BEGIN IMMEDIATE already holds the one write lock.
    for_update = ""

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        self._database = database

    def among(self, values: Collection[Any]) -> str:
        return orjson.dumps(list(values)).decode()

    def plain(self, column: str) -> str:
        return column

    def select(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._database.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def execute(self, sql: str, parameters: Sequence[Any]) -> int:
        with self._database.cursor() as cursor:
            cursor.execute(sql, parameters)
            return int(cursor.rowcount)

    def next_ids(self, table: str, count: int) -> Sequence[int]:
        # Explicit ids move AUTOINCREMENT's sequence along, and the write lock is ours.
        found = self.select("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        first = (found[0][0] if found else 0) + 1
        return range(first, first + count)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        self._insert("INSERT", table, columns, rows)

    def insert_missing(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        self._insert("INSERT OR IGNORE", table, columns, rows)

    def update(
        self, table: str, columns: Sequence[str], rows: Sequence[Row], *, key: str = "id"
    ) -> None:
        if not rows:
            return
        assignments = ", ".join(f'"{name}" = %s' for name in columns)
        sql = f'UPDATE "{table}" SET {assignments} WHERE "{key}" = %s'  # noqa: S608 - our own names
        with self._database.cursor() as cursor:
            cursor.executemany(sql, [(*row[1:], row[0]) for row in rows])

    def refresh_statistics(self, names: Sequence[str]) -> None:
        # Its planner does well on these tables without, and would hold the write lock for it.
        pass

    def truth(self, value: bool) -> int:
        return int(value)

    def moment(self, value: datetime) -> Any:
        return self._database.ops.adapt_datetimefield_value(value)

    def identifier(self, value: uuid.UUID) -> str:
        return value.hex

    def _insert(self, verb: str, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Many rows a statement: each statement costs as much again as a row that it inserts."""
        names = ", ".join(f'"{name}"' for name in columns)
        place = f"({', '.join(['%s'] * len(columns))})"
        head = f'{verb} INTO "{table}" ({names}) VALUES '
        several = min(_ROWS_A_STATEMENT, _MOST_PARAMETERS // len(columns))
        rows = list(rows)
        if not rows:
            return
        packed = len(rows) - len(rows) % several
        groups = zip(*[iter(rows[:packed])] * several, strict=True)
        with self._database.cursor() as cursor:
            cursor.executemany(
                head + ", ".join([place] * several),
                [tuple(chain.from_iterable(group)) for group in groups],
            )
            cursor.executemany(head + place, rows[packed:])
