"""The one write path of stock: levels compared, written, and each write logged as a movement.

Whoever writes a variant's levels holds that variant's row, so that two writers never meet at a
level that is not there yet.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bulk_sql.numbers import plain_number
from catalog.models import MovementKind
from catalog.stock.location_names import LocationName
from catalog.stock.quantities import is_same, total
from catalog.writing.context import WriteContext

_MOVEMENT_COLUMNS = (
    "id",
    "account_id",
    "variant_id",
    "location_id",
    "location_name",
    "kind",
    "before",
    "after",
    "upload_id",
    "row",
    "user_id",
    "token_id",
    "undo_of_id",
    "at",
)


class StoredLevel(NamedTuple):
    id: int
    variant_id: int
    location_id: int
    quantity: str
    last_movement_id: int


@dataclass(frozen=True, slots=True)
class LevelChange:
    """`after` None takes the level away; `stored` None makes one."""

    variant_id: int
    location: LocationName
    stored: StoredLevel | None
    after: str | None
    kind: MovementKind
    row: int | None = None


def load_levels(
    context: WriteContext, variant_ids: Collection[int], location_ids: Collection[int]
) -> dict[tuple[int, int], StoredLevel]:
    """By variant and location; one query. The variants must be held by the caller."""
    if not variant_ids or not location_ids:
        return {}
    tables = context.tables
    rows = tables.select(
        "SELECT id, variant_id, location_id, quantity, last_movement_id "  # noqa: S608 - our own names
        f"FROM catalog_stocklevel WHERE variant_id {tables.in_list} "
        f"AND +location_id {tables.in_list} ORDER BY id",
        [tables.among(variant_ids), tables.among(location_ids)],
    )
    return {
        (row[1], row[2]): StoredLevel(row[0], row[1], row[2], plain_number(row[3]), row[4])
        for row in rows
    }


def compare(
    *,
    variant_id: int,
    location: LocationName,
    stored: StoredLevel | None,
    quantity: str,
    kind: MovementKind,
    row: int | None = None,
) -> LevelChange | None:
    """What setting a level to `quantity`, or adjusting it by that, comes to; None for nothing.

    Setting 0 where there is no level makes one; adjusting by 0 there does not. Raises CellError.
    """
    before = stored.quantity if stored else None
    if kind is MovementKind.ADJUST:
        if is_same(quantity, "0"):
            return None
        quantity = total(before, quantity)
    if before is not None and is_same(before, quantity):
        return None
    return LevelChange(variant_id, location, stored, quantity, kind, row)


def write_levels(
    context: WriteContext, changes: Sequence[LevelChange], location_ids: Mapping[str, int]
) -> Sequence[int]:
    """Write levels and movements; ids of the movements, in the order given. Up to six queries."""
    if not changes:
        return []
    movement_ids = log_movements(context, changes, location_ids)
    tables = context.tables
    now = tables.moment(context.now)
    numbered = list(zip(changes, movement_ids, strict=True))
    new = [pair for pair in numbered if pair[0].stored is None]
    if new:
        ids = tables.next_ids("catalog_stocklevel", len(new))
        tables.insert(
            "catalog_stocklevel",
            (
                "id",
                "account_id",
                "variant_id",
                "location_id",
                "quantity",
                "last_movement_id",
                "updated_at",
            ),
            [
                (
                    level_id,
                    context.account_id,
                    change.variant_id,
                    location_ids[change.location.key],
                    change.after,
                    movement_id,
                    now,
                )
                for level_id, (change, movement_id) in zip(ids, new, strict=True)
            ],
        )
    tables.update(
        "catalog_stocklevel",
        ("quantity", "last_movement_id", "updated_at"),
        [
            (change.stored.id, change.after, movement_id, now)
            for change, movement_id in numbered
            if change.stored is not None and change.after is not None
        ],
    )
    _delete(context, [c.stored.id for c in changes if c.stored is not None and c.after is None])
    return movement_ids


def remove_levels(context: WriteContext, variant_ids: Collection[int]) -> None:
    """Before variants are deleted: their levels go, and the movements say what there was."""
    tables = context.tables
    rows = tables.select(
        "SELECT s.id, s.variant_id, s.location_id, s.quantity, s.last_movement_id, l.name, l.key "  # noqa: S608 - our own names
        "FROM catalog_stocklevel s JOIN catalog_location l ON l.id = s.location_id "
        f"WHERE s.variant_id {tables.in_list} ORDER BY s.id",
        [tables.among(variant_ids)],
    )
    changes = [
        LevelChange(
            row[1],
            LocationName(row[5], row[6]),
            StoredLevel(row[0], row[1], row[2], plain_number(row[3]), row[4]),
            None,
            MovementKind.REMOVE,
        )
        for row in rows
    ]
    write_levels(context, changes, {row[6]: row[2] for row in rows})


def _delete(context: WriteContext, level_ids: Sequence[int]) -> None:
    if level_ids:
        tables = context.tables
        tables.execute(
            f"DELETE FROM catalog_stocklevel WHERE id {tables.in_list}",  # noqa: S608 - our own names
            [tables.among(level_ids)],
        )


def log_movements(
    context: WriteContext, changes: Sequence[LevelChange], location_ids: Mapping[str, int]
) -> Sequence[int]:
    """Append one movement a change; their ids in the same order."""
    tables = context.tables
    ids = tables.next_ids("catalog_stockmovement", len(changes))
    actor, at = context.actor, tables.moment(context.now)
    tables.insert(
        "catalog_stockmovement",
        _MOVEMENT_COLUMNS,
        [
            (
                movement_id,
                context.account_id,
                change.variant_id,
                location_ids[change.location.key],
                change.location.name,
                int(change.kind),
                change.stored.quantity if change.stored else None,
                change.after,
                actor.upload_id,
                change.row,
                actor.user_id,
                actor.token_id,
                actor.undo_of,
                at,
            )
            for movement_id, change in zip(ids, changes, strict=True)
        ],
    )
    return ids
