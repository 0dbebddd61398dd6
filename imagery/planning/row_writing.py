"""Inserting many rows of a model at once; columns that are not named have their field's default."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Model

from bulk_sql import tables


def insert_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """`rows` are in the order of `columns`, in the database's own types.

    Name every column whose default is another for each row (a UUID), or the moment.
    """
    if not rows:
        return
    unnamed = [
        field
        for field in model._meta.concrete_fields
        if field.column not in columns
        and field.db_default is NOT_PROVIDED
        and not field.primary_key
    ]
    usual = [field.get_db_prep_save(field.get_default(), connection) for field in unnamed]
    tables().insert(
        model._meta.db_table,
        (*columns, *(str(field.column) for field in unnamed)),
        [(*row, *usual) for row in rows],
    )
