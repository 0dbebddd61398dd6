"""PostgreSQL's way: COPY, through a staging table where rows may already exist."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from typing import Any, cast

import orjson
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from bulk_sql.tables import Row

_INDEXED_COLUMNS = """
SELECT i.indrelid::regclass::text, string_agg(DISTINCT quote_ident(a.attname), ', ')
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = ANY(%s::regclass[])
GROUP BY i.indrelid
"""


class PostgresTables:
    in_list = "= ANY(%s)"
    for_update = "FOR UPDATE"

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        self._database = database

    def among(self, values: Collection[Any]) -> Any:
        # As a literal where it can be one, which the driver has not to make value by value: in
        # an array's literal too, quotes stand around each text. Only escapes are written otherwise.
        document = orjson.dumps(list(values))
        if b"\\" in document or b"null" in document:
            return list(values)
        return f"{{{document[1:-1].decode()}}}"

    def plain(self, column: str) -> str:
        return f"trim_scale({column})::text"

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
        # The sequence is looked up once, and its numbers come as one value, not row by row.
        ((ids,),) = self.select(
            "WITH its AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS own) "
            "SELECT array_agg(nextval(its.own)) FROM its, generate_series(1, %s)",
            [table, count],
        )
        # An aggregate of nothing is no array.
        return cast(list[int], ids or [])

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        # Rows that are made as they are taken are made while the server works on those before.
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        names = ", ".join(f'"{name}"' for name in columns)
        with (
            self._database.wrap_database_errors,
            self._database.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in chain([first], rows):
                copy.write_row(row)

    def insert_missing(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not rows:
            return
        staging = self._stage(table, columns, rows)
        names = ", ".join(f'"{name}"' for name in columns)
        self.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{staging}" '  # noqa: S608 - our own names
            "ON CONFLICT DO NOTHING",
            [],
        )
        self.execute(f'TRUNCATE "{staging}"', [])

    def update(
        self, table: str, columns: Sequence[str], rows: Sequence[Row], *, key: str = "id"
    ) -> None:
        if not rows:
            return
        staging = self._stage(table, [key, *columns], rows)
        assignments = ", ".join(f'"{name}" = "{staging}"."{name}"' for name in columns)
        self.execute(
            f'UPDATE "{table}" SET {assignments} FROM "{staging}" '  # noqa: S608 - our own names
            f'WHERE "{table}"."{key}" = "{staging}"."{key}"',
            [],
        )
        self.execute(f'TRUNCATE "{staging}"', [])

    def refresh_statistics(self, names: Sequence[str]) -> None:
        # Of columns that plans go by, and from a small sample: sizes and what is unique are what
        # plans depend on, and sorting a sample of long texts takes ten times as long.
        rows = self.select(_INDEXED_COLUMNS, [list(names)])
        tables = ", ".join(f"{table} ({columns})" for table, columns in rows)
        with transaction.atomic(using=self._database.alias, savepoint=False):
            self.execute("SET LOCAL default_statistics_target = 10", [])
            self.execute(f"ANALYZE {tables}", [])
            self.execute("SET LOCAL default_statistics_target TO DEFAULT", [])

    def truth(self, value: bool) -> bool:
        return value

    def moment(self, value: datetime) -> str:
        # The driver would put it into these words itself, for six times as long.
        return value.isoformat()

    def identifier(self, value: uuid.UUID) -> str:
        return value.hex

    def _stage(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> str:
        """Fill a temporary table of this connection that has just these columns."""
        shape = blake2b("/".join([table, *columns]).encode(), digest_size=6).hexdigest()
        staging = f"staging_{shape}"
        names = ", ".join(f'"{name}"' for name in columns)
        self.execute(
            f'CREATE TEMPORARY TABLE IF NOT EXISTS "{staging}" ON COMMIT DELETE ROWS '  # noqa: S608 - our own names
            f'AS SELECT {names} FROM "{table}" WITH NO DATA',
            [],
        )
        self.insert(staging, columns, rows)
        return staging
