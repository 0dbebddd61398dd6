"""Appending to the change log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from catalog.models import Action, ObjectKind
from catalog.writing.context import WriteContext
from catalog.writing.listening import tell

_COLUMNS = (
    "id",
    "account_id",
    "kind",
    "object_id",
    "label",
    "action",
    "upload_id",
    "row",
    "user_id",
    "token_id",
    "undo_of_id",
    "at",
    "fields",
)


@dataclass(slots=True)
class ChangeEntry:
    """`fields` is `{field: [before, after]}`; a deletion's is everything the object was."""

    object_id: int
    fields: dict[str, Any] | None
    row: int | None = None
    label: str = ""


def log_changes(
    context: WriteContext, kind: ObjectKind, action: Action, entries: Sequence[ChangeEntry]
) -> Sequence[int]:
    """Write one change an entry; return their ids in the same order."""
    if not entries:
        return []
    ids = context.tables.next_ids("catalog_change", len(entries))
    actor = context.actor
    at = context.tables.moment(context.now)
    context.tables.insert(
        "catalog_change",
        _COLUMNS,
        [
            (
                change_id,
                context.account_id,
                int(kind),
                entry.object_id,
                entry.label,
                int(action),
                actor.upload_id,
                entry.row,
                actor.user_id,
                actor.token_id,
                actor.undo_of,
                at,
                None if entry.fields is None else orjson.dumps(entry.fields).decode(),
            )
            for change_id, entry in zip(ids, entries, strict=True)
        ],
    )
    tell(context, kind, action, entries, ids)
    return ids
