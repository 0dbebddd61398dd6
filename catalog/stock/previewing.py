"""What a batch of a stock file's dry run would change, in people's words, for its preview."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from bulk_uploads.preview_notes import (
    MOST_FIELDS_A_ROW,
    ChangedField,
    FieldChange,
    PreviewNotes,
    RowChange,
    first_names,
    sampled,
)
from bulk_uploads.processors import RowOutcome
from catalog.stock.levels import LevelChange
from catalog.stock.locations import Locations


def notes_of(
    changes: Sequence[LevelChange], outcomes: Iterable[RowOutcome], locations: Locations
) -> PreviewNotes:
    """`changes` in the order of their rows."""
    keys = {outcome.row: outcome.key or "" for outcome in outcomes}
    changed = sum(1 for change in changes if change.stored is not None)
    made = first_names(mention.name.name for mention in locations.missing.values())
    return PreviewNotes(
        fields={ChangedField("Quantity", "stock levels"): changed} if changed else {},
        sample=sampled(_row_changes(changes, keys)),
        new_names={"locations": made} if made else {},
    )


def _row_changes(changes: Sequence[LevelChange], keys: Mapping[int, str]) -> Iterable[RowChange]:
    """Rows that only make levels are counted as such, and not shown."""
    updates = [change for change in changes if change.stored is not None]
    for row, group in groupby(updates, key=lambda change: change.row or 0):
        of_row = list(group)
        fields = [
            FieldChange(
                f"Quantity at {change.location.name}",
                change.stored.quantity if change.stored else "",
                change.after or "",
            )
            for change in of_row
        ]
        shown = tuple(fields[:MOST_FIELDS_A_ROW])
        more = len(fields) - len(shown)
        yield RowChange(row, keys.get(row, ""), of_row[0].variant_id, shown, more)
