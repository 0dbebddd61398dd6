"""How long to wait before trying again what has failed."""

from datetime import timedelta

FIRST = timedelta(seconds=10)
LONGEST = timedelta(hours=1)


def delay(*, attempts: int) -> timedelta:
    """Doubles with every attempt made so far, from ten seconds up to one hour."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST * (1 << doublings), LONGEST)
