"""Signs of life of the background processes."""

from datetime import datetime, timedelta

from jobs import clock
from jobs.models import Heartbeat

# Writing each second would cost SQLite's one writer for nothing.
EVERY = timedelta(seconds=5)


def beat(name: str, *, at: datetime) -> None:
    """Note that the process was alive at this moment, unless that was noted just before."""
    if not Heartbeat.objects.filter(pk=name, beat_at__gt=at - EVERY, beat_at__lte=at).exists():
        Heartbeat.objects.update_or_create(pk=name, defaults={"beat_at": at})


def age(name: str) -> timedelta | None:
    """How long ago the process was last seen; None if never."""
    beat_at = Heartbeat.objects.filter(pk=name).values_list("beat_at", flat=True).first()
    return None if beat_at is None else clock.now() - beat_at
