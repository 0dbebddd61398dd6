"""The movements of one level in words: who set or adjusted it, when, from what to what."""

from collections.abc import Sequence

from django.urls import reverse

from bulk_sql.numbers import plain_decimal
from catalog.admin.history import FieldChange, HistoryEntry
from catalog.models import MovementKind, StockLevel, StockMovement

#: Movements shown on a level's page.
SHOWN = 25


def movements_of(level: StockLevel) -> Sequence[HistoryEntry]:
    """The newest first. One query."""
    found = (
        StockMovement.objects.filter(variant_id=level.variant_id, location_id=level.location_id)
        .select_related("user", "token")
        .order_by("-id")[:SHOWN]
    )
    return [_entry(movement) for movement in found]


def _entry(movement: StockMovement) -> HistoryEntry:
    upload_id = movement.upload_id or movement.undo_of_id
    url = reverse("admin:bulk_uploads_bulkupload_change", args=[upload_id]) if upload_id else None
    before, after = (
        "" if quantity is None else plain_decimal(quantity)
        for quantity in (movement.before, movement.after)
    )
    change = FieldChange("Quantity", before, after)
    return HistoryEntry(movement.at, _who(movement), url, _what(movement), [change])


def _what(movement: StockMovement) -> str:
    return MovementKind(movement.kind).label


def _who(movement: StockMovement) -> str:
    if movement.undo_of_id is not None:
        return f"Undo of upload {movement.undo_of_id}"
    if movement.upload_id is not None:
        row = f", row {movement.row:,}" if movement.row else ""
        return f"Upload {movement.upload_id}{row}"
    if movement.user is not None:
        return movement.user.get_full_name() or movement.user.get_username()
    return f"{movement.token.name} (API token)" if movement.token else "Somebody who left"
