"""The movements of one level in words: who set or adjusted it, when, from what to what."""

from collections.abc import Sequence

from django.urls import reverse

from bulk_sql.numbers import plain_decimal
from catalog.admin.history import FieldChange, HistoryEntry
from catalog.models import MovementKind, StockLevel, StockMovement
from catalog.reading.actors import ActorNames

#: Movements shown on a level's page.
SHOWN = 25


def movements_of(level: StockLevel) -> Sequence[HistoryEntry]:
    """The newest first. Up to three queries."""
    found = list(
        StockMovement.objects.filter(
            variant_id=level.variant_id, location_id=level.location_id
        ).order_by("-id")[:SHOWN]
    )
    actors = ActorNames.load(found)
    return [_entry(movement, actors) for movement in found]


def _entry(movement: StockMovement, actors: ActorNames) -> HistoryEntry:
    upload_id = movement.upload_id or movement.undo_of_id
    url = reverse("admin:bulk_uploads_bulkupload_change", args=[upload_id]) if upload_id else None
    before, after = (
        "" if quantity is None else plain_decimal(quantity)
        for quantity in (movement.before, movement.after)
    )
    change = FieldChange("Quantity", before, after)
    what = MovementKind(movement.kind).label
    return HistoryEntry(movement.at, actors.of(movement), url, what, [change])
