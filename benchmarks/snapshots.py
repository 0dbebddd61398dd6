"""Everything an import has left in the database, as plain rows that can be written back."""

import pickle
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

from accounts.models import Account
from bulk_uploads.models import BulkUpload, RowIssue, RowResult, UploadedFile

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableRows:
    """All rows of a table, ordered by its key; `key` says where in a row the key's columns are."""

    columns: tuple[str, ...]
    key: tuple[int, ...]
    rows: list[Values]

    def column(self, name: str) -> int:
        return self.columns.index(name)

    def by_key(self) -> dict[Values, Values]:
        return {tuple(row[place] for place in self.key): row for row in self.rows}


Snapshot = dict[str, TableRows]

#: What an upload needs before its first row; not part of what is compared.
CONTEXT: tuple[type[models.Model], ...] = (Account, UploadedFile, BulkUpload)


def imported_models() -> list[type[models.Model]]:
    return [*apps.get_app_config("catalog").get_models(), RowResult, RowIssue]


def take_snapshot() -> Snapshot:
    return {model._meta.db_table: _rows(model) for model in (*CONTEXT, *imported_models())}


def save_snapshot(path: Path) -> None:
    with path.open("wb") as file:
        pickle.dump(take_snapshot(), file, protocol=pickle.HIGHEST_PROTOCOL)


def load_snapshot(path: Path) -> Snapshot:
    with path.open("rb") as file:
        snapshot: Snapshot = pickle.load(file)
    return snapshot


def _rows(model: type[models.Model]) -> TableRows:
    columns = tuple(field.column for field in model._meta.concrete_fields if field.column)
    key = [field.column for field in model._meta.pk_fields]
    names = ", ".join(f'"{name}"' for name in columns)
    order = ", ".join(f'"{name}"' for name in key)
    return TableRows(
        columns=columns,
        key=tuple(columns.index(name) for name in key),
        rows=_select(f'SELECT {names} FROM "{model._meta.db_table}" ORDER BY {order}'),
    )


def _select(statement: str) -> list[Values]:
    """Rows as the driver reads them; on SQLite without Django's conversions, as they are stored."""
    if connection.vendor == "sqlite":
        stored = sqlite3.connect(connection.settings_dict["NAME"])
        try:
            return stored.execute(statement).fetchall()
        finally:
            stored.close()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
