"""Taking back what a stock file did: a level only where no later movement of it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bulk_sql import Tables, tables
from bulk_sql.numbers import plain_number
from bulk_uploads.models import BulkUpload
from bulk_uploads.standing_changes import is_newest_standing
from bulk_uploads.undoers import Cursor, KeptRow, UndoContext, UndoStep
from catalog.models import Location, MovementKind, NewLocation
from catalog.stock.levels import LevelChange, StoredLevel, load_levels, write_levels
from catalog.stock.location_names import LocationName
from catalog.writing.context import Actor, WriteContext

_STEP = 500
#: The level of a movement, where that is what made it what it is.
_LEVEL = "s.variant_id = mine.variant_id AND s.location_id = mine.location_id AND " + (
    is_newest_standing(
        "catalog_stockmovement", newest="s.last_movement_id", of=("variant_id", "location_id")
    )
)


class _Movement(NamedTuple):
    """One of the upload's, with the variant's SKU where that still is there."""

    id: int
    variant_id: int
    location_id: int | None
    location_name: str
    before: str | None
    row: int | None
    sku: str | None


@dataclass(slots=True)
class StockUndoer:
    """The cursor is the id of the last movement looked at."""

    upload: BulkUpload

    def forecast(self) -> Sequence[str]:
        """One query."""
        made, changed, kept = tables().select(
            "SELECT count(CASE WHEN s.id IS NOT NULL AND mine.before IS NULL THEN 1 END), "  # noqa: S608 - our own names
            "count(CASE WHEN s.id IS NOT NULL AND mine.before IS NOT NULL THEN 1 END), "
            "count(CASE WHEN s.id IS NULL THEN 1 END) "
            f"FROM catalog_stockmovement mine LEFT JOIN catalog_stocklevel s ON {_LEVEL} "
            "WHERE mine.upload_id = %s",
            [self.upload.pk],
        )[0]
        said = (
            (made, "Remove {} that this upload made."),
            (changed, "Set {} back to what was there before."),
            (kept, "Keep {}: changed or removed since."),
        )
        return [text.format(_levels(count)) for count, text in said if count]

    def step(self, *, cursor: Cursor, context: UndoContext) -> UndoStep:
        ways = tables()
        last = int(cursor["movement"]) if cursor else 0
        movements = self._movements(ways, last)
        if not movements:
            removed = self._remove_locations(context)
            return UndoStep(cursor, restored=0, removed=removed, kept=(), done=True)
        writing = self._writing(ways, context)
        levels = self._held_levels(writing, movements)
        standing = _standing(ways, movements)
        mine: list[tuple[_Movement, StoredLevel]] = []
        others: list[tuple[_Movement, StoredLevel | None]] = []
        for movement in movements:
            level = levels.get((movement.variant_id, movement.location_id or 0))
            if level is not None and movement.id in standing:
                mine.append((movement, level))
            else:
                others.append((movement, level))
        self._take_back(writing, mine, leaves_no_trace=context.leaves_no_trace)
        removed = sum(1 for movement, _ in mine if movement.before is None)
        return UndoStep(
            {"movement": movements[-1].id},
            restored=len(mine) - removed,
            removed=removed,
            kept=[_kept(movement, level) for movement, level in others],
            done=False,
        )

    def _writing(self, ways: Tables, context: UndoContext) -> WriteContext:
        actor = Actor(user_id=context.user_id, token_id=context.token_id, undo_of=self.upload.pk)
        return WriteContext(self.upload.account_id, actor, context.now, ways)

    def _movements(self, ways: Tables, last: int) -> list[_Movement]:
        rows = ways.select(
            "SELECT m.id, m.variant_id, m.location_id, m.location_name, m.before, m.row, v.sku "
            "FROM catalog_stockmovement m LEFT JOIN catalog_variant v ON v.id = m.variant_id "
            "WHERE m.upload_id = %s AND m.id > %s ORDER BY m.id LIMIT %s",
            [self.upload.pk, last, _STEP],
        )
        return [
            _Movement._make([*row[:4], None if row[4] is None else plain_number(row[4]), *row[5:]])
            for row in rows
        ]

    def _held_levels(
        self, writing: WriteContext, movements: Sequence[_Movement]
    ) -> Mapping[tuple[int, int], StoredLevel]:
        ways = writing.tables
        variant_ids = {movement.variant_id for movement in movements}
        ways.select(
            "SELECT id FROM catalog_variant WHERE +account_id = %s "  # noqa: S608 - our own names
            f"AND id {ways.in_list} ORDER BY id {ways.for_update}",
            [self.upload.account_id, ways.among(variant_ids)],
        )
        location_ids = {m.location_id for m in movements if m.location_id is not None}
        return load_levels(writing, variant_ids, location_ids)

    def _take_back(
        self,
        writing: WriteContext,
        mine: Sequence[tuple[_Movement, StoredLevel]],
        *,
        leaves_no_trace: bool,
    ) -> None:
        changes = [
            LevelChange(
                movement.variant_id,
                LocationName(movement.location_name, str(level.location_id)),
                level,
                movement.before,
                MovementKind.UNDO,
            )
            for movement, level in mine
        ]
        ids = {str(level.location_id): level.location_id for _, level in mine}
        written = write_levels(writing, changes, ids)
        if leaves_no_trace:
            _forget(writing, mine, written)

    def _remove_locations(self, context: UndoContext) -> int:
        """Those that the file made and nobody has renamed or used since."""
        made = NewLocation.objects.filter(upload=self.upload, is_dry=False)
        unused = Location.objects.filter(
            created_by_upload=self.upload,
            key__in=list(made.values_list("key", flat=True)),
            stock_levels=None,
        )
        names = set(made.values_list("name", flat=True))
        doomed = [location.pk for location in unused if location.name in names]
        Location.objects.filter(pk__in=doomed).delete()
        if context.leaves_no_trace:
            made.delete()
        return len(doomed)


def _standing(ways: Tables, movements: Sequence[_Movement]) -> set[int]:
    """Those that made their levels what they are; the levels are held."""
    rows = ways.select(
        f"SELECT mine.id FROM catalog_stockmovement mine JOIN catalog_stocklevel s ON {_LEVEL} "  # noqa: S608 - our own names
        f"WHERE mine.id {ways.in_list}",
        [ways.among([movement.id for movement in movements])],
    )
    return {pk for (pk,) in rows}


def _forget(
    writing: WriteContext,
    mine: Sequence[tuple[_Movement, StoredLevel]],
    written: Sequence[int],
) -> None:
    """As if neither the file nor its undo had been: levels point to the movement before it."""
    ways = writing.tables
    undone = [movement.id for movement, _ in mine]
    ways.execute(
        f"DELETE FROM catalog_stockmovement WHERE id {ways.in_list}",  # noqa: S608 - our own names
        [ways.among([*undone, *written])],
    )
    ways.execute(
        "UPDATE catalog_stocklevel SET last_movement_id = "  # noqa: S608 - our own names
        "(SELECT max(m.id) FROM catalog_stockmovement m "
        "WHERE m.variant_id = catalog_stocklevel.variant_id "
        "AND m.location_id = catalog_stocklevel.location_id) "
        f"WHERE id {ways.in_list}",
        [ways.among([level.id for _, level in mine])],
    )


def _kept(movement: _Movement, level: StoredLevel | None) -> KeptRow:
    key = f"{movement.sku or 'A deleted variant'} @ {movement.location_name}"
    if level is None:
        text = "The level is not there any more, so there is nothing to set back."
        return KeptRow(movement.row, key, "", "removed_since", text)
    text = f"The level was changed since; it stays at {level.quantity}."
    return KeptRow(movement.row, key, "Quantity", "changed_since", text)


def _levels(count: int) -> str:
    return f"{count:,} stock level" if count == 1 else f"{count:,} stock levels"
