"""What both databases can do with many rows at once, and the choice between them."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

Row = Sequence[Any]


class Tables(Protocol):
    """Rows are sequences in the order of `columns`. All of it runs in the caller's transaction.

    Raises django.db's IntegrityError or DataError for what the database refuses.
    """

    #: Goes behind a column in SQL, with `among(values)` as its parameter.
    in_list: str
    #: Ends a SELECT whose rows shall stay as they are until the transaction ends.
    for_update: str

    def among(self, values: Collection[Any]) -> Any: ...

    def plain(self, column: str) -> str:
        """SQL for a decimal column as text, without exponent or idle zeros, where the database can
        write it so; as it is where it cannot (see `bulk_sql.numbers`)."""

    def select(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]: ...

    def execute(self, sql: str, parameters: Sequence[Any]) -> int: ...

    def next_ids(self, table: str, count: int) -> Sequence[int]: ...

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Rows that are made on the way must not ask the database: it is taking them."""

    def insert_missing(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Leave rows that would break a unique constraint as they stand."""

    def update(
        self, table: str, columns: Sequence[str], rows: Sequence[Row], *, key: str = "id"
    ) -> None:
        """Each row holds the key first, then the values of `columns`."""

    def refresh_statistics(self, names: Sequence[str]) -> None:
        """After much was written: let the planner know before somebody waits for a bad plan."""

    # What the driver takes at once: it would look for an adapter for each single value otherwise.

    def truth(self, value: bool) -> Any: ...

    def moment(self, value: datetime) -> Any: ...

    def identifier(self, value: uuid.UUID) -> Any: ...


def tables(database: BaseDatabaseWrapper | None = None) -> Tables:
    """The way of the database behind `database` (default: Django's default connection)."""
    chosen = database or connection
    if chosen.vendor == "postgresql":
        from bulk_sql.postgresql import PostgresTables

        return PostgresTables(chosen)
    from bulk_sql.sqlite import SqliteTables

    return SqliteTables(chosen)
