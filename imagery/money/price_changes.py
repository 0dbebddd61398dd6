"""What waits for a price goes on when one is set, or holds again."""

from typing import Any

from django.db.models import Q

from imagery.models import CallState, PriceRow, ProviderCall, WaitsFor
from imagery.money.prices import begins_at
from jobs import clock


def wake_for(row: PriceRow) -> int:
    """Have calls that the row may be the price of look again from the day on that it holds, if they
    do not before; how many do so now. Call it for a row that is new, was changed, or is not paused
    any more."""
    waiting = ProviderCall.objects.filter(
        provider=row.provider,
        state=CallState.PLANNED,
        waits_for__in=[WaitsFor.PRICE, WaitsFor.PRICE_PAUSED],
    )
    if row.account_id is not None:
        waiting = waiting.filter(account_id=row.account_id)
    due_at = max(begins_at(row), clock.now())
    return waiting.filter(Q(due_at=None) | Q(due_at__gt=due_at)).update(due_at=due_at)


def price_saved(sender: object, instance: PriceRow, **_: Any) -> None:
    """Whoever saves one (a page, the delivered ones) need not think of it."""
    if instance.paused_at is None and instance.unit_micros is not None:
        wake_for(instance)
