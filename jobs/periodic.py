"""Small housekeeping that the dispatcher runs from time to time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobs.models import PeriodicRun

NEVER = datetime(1970, 1, 1, tzinfo=UTC)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PeriodicFunction:
    name: str
    every: timedelta
    function: Callable[[], object]


_functions: dict[str, PeriodicFunction] = {}


def register(name: str, every: timedelta, func: Callable[[], object]) -> None:
    """Have the function called about this often; rooms call it as they get ready.

    It runs inside the dispatcher and holds it up: it must be done within a second or so, and
    leave the rest for the next time. Longer work belongs into a job.
    """
    entry = PeriodicFunction(name=name, every=every, function=func)
    if _functions.setdefault(name, entry) != entry:
        raise ValueError(f"periodic function {name!r} is already registered")


def run_due(*, at: datetime) -> tuple[str, ...]:
    """Run what is due at this moment; the names of what ran. One failing hinders no other."""
    return tuple(entry.name for entry in list(_functions.values()) if _run_if_due(entry, at=at))


def _run_if_due(entry: PeriodicFunction, *, at: datetime) -> bool:
    last, _ = PeriodicRun.objects.get_or_create(pk=entry.name, defaults={"ran_at": NEVER})
    if last.ran_at > at - entry.every:
        return False
    # Of several dispatchers, the one whose update finds the row as it was runs the function.
    if not PeriodicRun.objects.filter(pk=entry.name, ran_at=last.ran_at).update(ran_at=at):
        return False
    try:
        entry.function()
    except Exception:
        logger.exception("Periodic function %s failed", entry.name)
    return True
