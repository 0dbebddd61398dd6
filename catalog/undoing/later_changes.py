"""What others have done to an object since: the changes that an undo must not overwrite."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from catalog.models import Action, Change, ObjectKind

#: Stands for the whole object: created or removed.
WHOLE = "*"
_COLUMNS = (
    "id",
    "object_id",
    "action",
    "label",
    "upload_id",
    "undo_of_id",
    "row",
    "user_id",
    "token_id",
    "at",
    "fields",
)


@dataclass(frozen=True, slots=True)
class LaterChange:
    """Who changed an object, and when. `label` names one that was removed."""

    id: int
    label: str
    upload_id: int | None
    undo_of_id: int | None
    row: int | None
    user_id: int | None
    token_id: int | None
    at: datetime


@dataclass(slots=True)
class LaterChanges:
    """The changes of one object by others, oldest first, by field.

    An undo of another upload takes that upload's changes off again, so that uploads which are
    taken back in turn do not stand in each other's way.
    """

    _of_field: dict[str, list[LaterChange]] = field(default_factory=dict)

    def add(self, change: LaterChange, fields: Iterable[str]) -> None:
        for name in fields:
            known = self._of_field.setdefault(name, [])
            if known and change.undo_of_id is not None and known[-1].upload_id == change.undo_of_id:
                known.pop()
            else:
                known.append(change)

    def newest(self, name: str, *, after: int = 0) -> LaterChange | None:
        """The newest change of this field that came after the one with this id."""
        known = self._of_field.get(name)
        return known[-1] if known and known[-1].id > after else None

    def fields(self) -> dict[str, LaterChange]:
        """All that others changed, with the newest change of each."""
        return {name: known[-1] for name, known in self._of_field.items() if known}


NONE = LaterChanges()


def later_changes(
    kind: ObjectKind, object_ids: Collection[int], *, upload_id: int, after: int
) -> dict[int, LaterChanges]:
    """By object id, from the change with the id `after` on; nothing by this upload or its undo."""
    found: dict[int, LaterChanges] = {}
    rows = (
        Change.objects.filter(kind=kind, object_id__in=object_ids, id__gt=after)
        .exclude(upload_id=upload_id)
        .exclude(undo_of_id=upload_id)
        .order_by("id")
        .values_list(*_COLUMNS)
    )
    for pk, object_id, action, label, upload, undo_of, row, user, token, at, fields in rows:
        change = LaterChange(pk, label, upload, undo_of, row, user, token, at)
        names = list(fields) if action == Action.UPDATED and fields else [WHOLE]
        found.setdefault(object_id, LaterChanges()).add(change, names)
    return found
