"""What waits for a price goes on when one is set, or holds again."""

from datetime import UTC, datetime, time
from typing import Any

from imagery.models import CallState, PriceRow, ProviderCall, WaitsFor
from jobs import clock


def wake_for(row: PriceRow) -> int:
    """Have calls that the row may be the price of look again, from the day on that it holds; how
    many there are. Call it for a row that is new, was changed, or is not paused any more."""
    waiting = ProviderCall.objects.filter(
        provider=row.provider,
        state=CallState.PLANNED,
        waits_for__in=[WaitsFor.PRICE, WaitsFor.PRICE_PAUSED],
    )
    if row.account_id is not None:
        waiting = waiting.filter(account_id=row.account_id)
    begins = datetime.combine(row.from_date, time(), tzinfo=UTC)
    return waiting.update(due_at=max(begins, clock.now()))


def price_saved(sender: object, instance: PriceRow, **_: Any) -> None:
    """Whoever saves one (a page, the delivered ones) need not think of it."""
    if instance.paused_at is None and instance.unit_micros is not None:
        wake_for(instance)
