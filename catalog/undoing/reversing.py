"""What every way of taking something back shares: who writes, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.models import Action, Change, ObjectKind
from catalog.undoing.kept import Kept
from catalog.undoing.later_changes import LaterChanges, later_changes
from catalog.writing.context import WriteContext
from catalog.writing.taxonomy import Taxonomy
from catalog.writing.traces import forget_changes


@dataclass(frozen=True, slots=True)
class UploadChange:
    """One change that the upload made."""

    id: int
    kind: ObjectKind
    object_id: int
    action: Action
    label: str
    row: int | None
    at: Any
    fields: Mapping[str, Any]


@dataclass(slots=True)
class Outcome:
    """Objects by what became of them."""

    restored: int = 0
    removed: int = 0
    kept: list[Kept] = field(default_factory=list)


@dataclass(slots=True)
class Reversing:
    """One step of the undo of one upload, inside its transaction."""

    context: WriteContext
    taxonomy: Taxonomy
    upload_id: int
    leaves_no_trace: bool
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def account_id(self) -> int:
        return self.context.account_id

    def later(
        self, kind: ObjectKind, object_ids: Collection[int], *, after: int = 0
    ) -> dict[int, LaterChanges]:
        return later_changes(kind, object_ids, upload_id=self.upload_id, after=after)

    def forget(self, kind: ObjectKind, object_ids: Collection[int], *, since: int = 0) -> None:
        """Where the upload shall leave no trace, not even of its having been taken back."""
        if self.leaves_no_trace:
            forget_changes(self.context, kind, object_ids, since=since)

    def own(self, table: str, object_ids: Collection[int]) -> set[int]:
        """Those that the upload itself created: they go, or stay, as a whole."""
        tables = self.context.tables
        rows = tables.select(
            f"SELECT id FROM {table} WHERE id {tables.in_list} "  # noqa: S608 - our own names
            "AND created_by_upload_id = %s",
            [tables.among(object_ids), self.upload_id],
        )
        return {row[0] for row in rows}


_COLUMNS = ("id", "kind", "object_id", "action", "label", "row", "at", "fields")


def newest_changes(upload_id: int, *, before: int | None, limit: int) -> list[UploadChange]:
    """The upload's changes, newest first, from before the change with this id on."""
    changes = Change.objects.filter(upload_id=upload_id).order_by("-id")
    if before is not None:
        changes = changes.filter(id__lt=before)
    return [
        UploadChange(pk, ObjectKind(kind), object_id, Action(action), label, row, at, fields or {})
        for pk, kind, object_id, action, label, row, at, fields in changes.values_list(*_COLUMNS)[
            :limit
        ]
    ]
