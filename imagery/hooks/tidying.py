"""Forgetting announcements once nobody asks for them any more."""

from datetime import timedelta
from typing import Final

from imagery.models import HookDelivery
from jobs import clock, periodic

#: Far longer than a sender repeats one: its signature holds for five minutes.
KEPT_FOR: Final = timedelta(days=30)
EVERY: Final = timedelta(hours=1)
_AT_ONCE: Final = 1_000


def register() -> None:
    periodic.register("imagery.forget_hook_deliveries", EVERY, forget_old_deliveries)


def forget_old_deliveries() -> int:
    """Delete those that were dealt with long ago, a bounded number; how many."""
    old = HookDelivery.objects.filter(done_at__lt=clock.now() - KEPT_FOR).order_by("pk")
    some = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    return HookDelivery.objects.filter(pk__in=some).delete()[0]
