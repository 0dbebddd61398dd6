"""The movements of one level in words: who set or adjusted it, when, from what to what."""

from collections.abc import Sequence

from accounts.access import Person
from bulk_sql.numbers import plain_decimal
from bulk_uploads.admin.upload_links import upload_url
from catalog.admin.history import FieldChange, HistoryEntry
from catalog.models import MovementKind, StockLevel, StockMovement
from catalog.reading.actors import ActorNames

#: Movements shown on a level's page.
SHOWN = 25


def movements_of(level: StockLevel, *, viewer: Person) -> Sequence[HistoryEntry]:
    """The newest first. Up to three queries."""
    found = list(
        StockMovement.objects.filter(
            variant_id=level.variant_id, location_id=level.location_id
        ).order_by("-id")[:SHOWN]
    )
    actors = ActorNames.load(found)
    return [_entry(movement, actors, viewer) for movement in found]


def _entry(movement: StockMovement, actors: ActorNames, viewer: Person) -> HistoryEntry:
    upload_id = movement.upload_id or movement.undo_of_id
    url = upload_url(upload_id, viewer=viewer, account_id=movement.account_id)
    before, after = (
        "" if quantity is None else plain_decimal(quantity)
        for quantity in (movement.before, movement.after)
    )
    change = FieldChange("Quantity", before, after)
    what = MovementKind(movement.kind).label
    return HistoryEntry(movement.at, actors.of(movement), url, what, [change])
