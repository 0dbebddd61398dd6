"""The one write path of pincodes: held, written, and each write logged as a change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bulk_sql import Tables
from bulk_sql.numbers import plain_number
from delivery.models import Courier, PincodeAction
from delivery.state import FLAGS, NUMBERS, STATE_FIELDS, PincodeWrite, StoredPincode

_TABLE = "delivery_serviceablepincode"


@dataclass(frozen=True, slots=True)
class PincodeActor:
    """A row of an upload, or an undo and who asked for it."""

    upload_id: int | None = None
    user_id: int | None = None
    token_id: int | None = None
    undo_of: int | None = None


@dataclass(frozen=True, slots=True)
class PincodeContext:
    account_id: int
    courier: Courier
    actor: PincodeActor
    now: datetime
    tables: Tables


def load_pincodes(
    context: PincodeContext, pincodes: Collection[str]
) -> dict[tuple[str, str], StoredPincode]:
    """By pincode and mode, held until the transaction ends where the database can. One query."""
    return _by_key(
        context,
        f"pincode {context.tables.in_list}",
        [context.tables.among(pincodes)],
        wanted=bool(pincodes),
    )


def load_by_id(
    context: PincodeContext, ids: Collection[int]
) -> dict[tuple[str, str], StoredPincode]:
    return _by_key(
        context, f"id {context.tables.in_list}", [context.tables.among(ids)], wanted=bool(ids)
    )


def _by_key(
    context: PincodeContext, condition: str, parameters: list[Any], *, wanted: bool
) -> dict[tuple[str, str], StoredPincode]:
    if not wanted:
        return {}
    tables = context.tables
    names = ", ".join(STATE_FIELDS)
    rows = tables.select(
        f"SELECT id, pincode, mode, last_change_id, {names} "  # noqa: S608 - our own names
        f"FROM {_TABLE} WHERE account_id = %s AND courier = %s "
        f"AND {condition} ORDER BY id {tables.for_update}",
        [context.account_id, context.courier.value, *parameters],
    )
    found = (StoredPincode(row[0], row[1], row[2], row[3], _state(row[4:])) for row in rows)
    return {(stored.pincode, stored.mode): stored for stored in found}


def _state(row: Sequence[Any]) -> dict[str, Any]:
    """From what the database's driver gives."""
    state = dict(zip(STATE_FIELDS, row, strict=True))
    for name in FLAGS:
        state[name] = None if state[name] is None else bool(state[name])
    for name in NUMBERS:
        state[name] = None if state[name] is None else plain_number(state[name])
    return state


def write_pincodes(context: PincodeContext, writes: Sequence[PincodeWrite]) -> Sequence[int]:
    """Ids of the pincodes, in the order given. Up to six queries."""
    if not writes:
        return []
    tables = context.tables
    made = iter(tables.next_ids(_TABLE, sum(1 for write in writes if write.stored is None)))
    ids = [write.stored.id if write.stored else next(made) for write in writes]
    changes = _log(context, ids, writes)
    now = tables.moment(context.now)
    rows = list(zip(ids, changes, writes, strict=True))
    tables.insert(
        _TABLE,
        (
            *("id", "account_id", "courier", "pincode", "mode"),
            *(*STATE_FIELDS, "last_change_id", "created_at", "updated_at"),
        ),
        [
            (
                *(pk, context.account_id, context.courier.value, write.pincode, write.mode),
                *(*_values(write.state), change, now, now),
            )
            for pk, change, write in rows
            if write.stored is None
        ],
    )
    tables.update(
        _TABLE,
        (*STATE_FIELDS, "last_change_id", "updated_at"),
        [
            (pk, *_values(write.state), change, now)
            for pk, change, write in rows
            if write.stored is not None
        ],
    )
    return ids


def remove_pincodes(context: PincodeContext, stored: Sequence[StoredPincode]) -> None:
    """Only an undo removes: of what its upload made. Each removal is logged."""
    if not stored:
        return
    _log(
        context,
        [pincode.id for pincode in stored],
        [
            PincodeWrite(
                pincode,
                pincode.pincode,
                pincode.mode,
                pincode.state,
                {name: [value, None] for name, value in pincode.state.items()},
                PincodeAction.UNDONE,
            )
            for pincode in stored
        ],
    )
    tables = context.tables
    tables.execute(
        f"DELETE FROM {_TABLE} WHERE id {tables.in_list}",  # noqa: S608 - our own names
        [tables.among([pincode.id for pincode in stored])],
    )


def _values(state: Mapping[str, Any]) -> list[Any]:
    return [state[name] for name in STATE_FIELDS]


def _log(
    context: PincodeContext, ids: Sequence[int], writes: Sequence[PincodeWrite]
) -> Sequence[int]:
    tables, actor = context.tables, context.actor
    changes = tables.next_ids("delivery_pincodechange", len(writes))
    at = tables.moment(context.now)
    tables.insert(
        "delivery_pincodechange",
        (
            *("id", "account_id", "object_id", "action", "upload_id", "row"),
            *("user_id", "token_id", "undo_of_id", "at", "fields"),
        ),
        [
            (
                *(change, context.account_id, pk, int(write.action), actor.upload_id, write.row),
                *(actor.user_id, actor.token_id, actor.undo_of, at),
                orjson.dumps(write.fields).decode() if write.fields else None,
            )
            for change, pk, write in zip(changes, ids, writes, strict=True)
        ],
    )
    return changes
