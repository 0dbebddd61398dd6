"""Forgetting notices that have been there long enough for anybody to see them."""

from datetime import timedelta
from typing import Final

from jobs import clock
from notices.models import Notice

KEPT_FOR: Final = timedelta(days=90)
AT_ONCE: Final = 1_000


def forget_old_notices() -> int:
    """Delete notices older than 90 days, read or not, a bounded number; return how many."""
    old = Notice.objects.filter(created_at__lt=clock.now() - KEPT_FOR).order_by("created_at")
    some = list(old.values_list("pk", flat=True)[:AT_ONCE])
    return Notice.objects.filter(pk__in=some).delete()[0]
