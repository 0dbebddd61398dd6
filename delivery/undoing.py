"""Taking a pincode file back: a pincode only where no later change of it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from bulk_sql import Tables, tables
from bulk_uploads.models import BulkUpload
from bulk_uploads.standing_changes import is_newest_standing
from bulk_uploads.undoers import Cursor, KeptRow, UndoContext, UndoStep
from delivery.models import Courier, PincodeAction
from delivery.state import PincodeWrite, StoredPincode
from delivery.writing import (
    PincodeActor,
    PincodeContext,
    load_by_id,
    remove_pincodes,
    write_pincodes,
)

_STEP = 500
#: The pincode of a change, where that is what made it what it is.
_PINCODE = "p.id = mine.object_id AND " + is_newest_standing(
    "delivery_pincodechange", newest="p.last_change_id", of=("object_id",)
)


class _Change(NamedTuple):
    """`fields` is None for a creation."""

    id: int
    object_id: int
    row: int | None
    fields: Mapping[str, Sequence[Any]] | None


@dataclass(slots=True)
class PincodeUndoer:
    """The cursor is the id of the last change looked at."""

    upload: BulkUpload
    courier: Courier

    def forecast(self) -> Sequence[str]:
        """One query."""
        made, changed, kept = tables().select(
            "SELECT count(CASE WHEN p.id IS NOT NULL AND mine.action = %s THEN 1 END), "  # noqa: S608 - our own names
            "count(CASE WHEN p.id IS NOT NULL AND mine.action <> %s THEN 1 END), "
            "count(CASE WHEN p.id IS NULL THEN 1 END) FROM delivery_pincodechange mine "
            f"LEFT JOIN delivery_serviceablepincode p ON {_PINCODE} WHERE mine.upload_id = %s",
            [PincodeAction.CREATED.value, PincodeAction.CREATED.value, self.upload.pk],
        )[0]
        said = (
            (made, "Remove {} that this upload made."),
            (changed, "Set {} back to what was known before."),
            (kept, "Keep {}: changed since."),
        )
        return [text.format(_pincodes(count)) for count, text in said if count]

    def step(self, *, cursor: Cursor, context: UndoContext) -> UndoStep:
        ways = tables()
        changes = self._changes(ways, int(cursor["change"]) if cursor else 0)
        if not changes:
            return UndoStep(cursor, restored=0, removed=0, kept=(), done=True)
        writing = self._writing(ways, context)
        found = load_by_id(writing, {change.object_id for change in changes})
        by_id = {stored.id: stored for stored in found.values()}
        taken = _standing(ways, changes)
        mine = [(change, by_id[change.object_id]) for change in changes if change.id in taken]
        made = [stored for change, stored in mine if change.fields is None]
        changed = [(change, stored) for change, stored in mine if change.fields is not None]
        remove_pincodes(writing, made)
        write_pincodes(writing, [_reverse(change, stored) for change, stored in changed])
        if context.leaves_no_trace:
            _forget(ways, [stored.id for _, stored in mine], self.upload.pk)
        return UndoStep(
            {"change": changes[-1].id},
            restored=len(changed),
            removed=len(made),
            kept=[_kept(c, by_id.get(c.object_id)) for c in changes if c.id not in taken],
            done=False,
        )

    def _writing(self, ways: Tables, context: UndoContext) -> PincodeContext:
        return PincodeContext(
            account_id=self.upload.account_id,
            courier=self.courier,
            actor=PincodeActor(
                user_id=context.user_id, token_id=context.token_id, undo_of=self.upload.pk
            ),
            now=context.now,
            tables=ways,
        )

    def _changes(self, ways: Tables, last: int) -> list[_Change]:
        rows = ways.select(
            "SELECT id, object_id, row, fields FROM delivery_pincodechange "
            "WHERE upload_id = %s AND id > %s ORDER BY id LIMIT %s",
            [self.upload.pk, last, _STEP],
        )
        return [_Change._make([*row[:3], _document(row[3])]) for row in rows]


def _standing(ways: Tables, changes: Sequence[_Change]) -> set[int]:
    """Those that made their pincodes what they are; the pincodes are held."""
    rows = ways.select(
        "SELECT mine.id FROM delivery_pincodechange mine "  # noqa: S608 - our own names
        f"JOIN delivery_serviceablepincode p ON {_PINCODE} WHERE mine.id {ways.in_list}",
        [ways.among([change.id for change in changes])],
    )
    return {pk for (pk,) in rows}


def _document(value: Any) -> Mapping[str, Sequence[Any]] | None:
    """A JSON column read without Django's field: text, or already decoded."""
    decoded = orjson.loads(value) if isinstance(value, str) else value
    return decoded if isinstance(decoded, dict) else None


def _reverse(change: _Change, stored: StoredPincode) -> PincodeWrite:
    before = {name: pair[0] for name, pair in (change.fields or {}).items()}
    return PincodeWrite(
        stored,
        stored.pincode,
        stored.mode,
        {**stored.state, **before},
        {name: [stored.state[name], value] for name, value in before.items()},
        PincodeAction.UNDONE,
    )


def _forget(ways: Tables, pincode_ids: Sequence[int], upload_id: int) -> None:
    """As if neither the file nor its undo had been: pincodes point to the change before it."""
    ways.execute(
        "DELETE FROM delivery_pincodechange WHERE (upload_id = %s OR undo_of_id = %s) "  # noqa: S608 - our own names
        f"AND object_id {ways.in_list}",
        [upload_id, upload_id, ways.among(pincode_ids)],
    )
    ways.execute(
        "UPDATE delivery_serviceablepincode SET last_change_id = "  # noqa: S608 - our own names
        "(SELECT max(c.id) FROM delivery_pincodechange c "
        "WHERE c.object_id = delivery_serviceablepincode.id) "
        f"WHERE id {ways.in_list}",
        [ways.among(pincode_ids)],
    )


def _kept(change: _Change, stored: StoredPincode | None) -> KeptRow:
    if stored is None:
        text = "The pincode is not there any more, so there is nothing to set back."
        return KeptRow(change.row, "A removed pincode", "", "removed_since", text)
    key = f"{stored.pincode} {stored.mode}".rstrip()
    text = "The pincode was changed since; it stays as it is."
    return KeptRow(change.row, key, "", "changed_since", text)


def _pincodes(count: int) -> str:
    return f"{count:,} pincode" if count == 1 else f"{count:,} pincodes"
