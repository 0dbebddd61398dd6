"""The rate limit: how many requests a token, or another caller, may make in a minute."""

import time
from typing import Final

from django.conf import settings
from django.core.cache import cache

from platform_api.errors import TooManyRequests

WINDOW: Final = 60
"""Seconds."""


def count_request(caller: int | str, *, now: float | None = None) -> None:
    """Count one request in its fixed window of a minute; raises TooManyRequests over the limit.

    A token is counted by its id, another caller by a name that is no number. The limit is the
    setting API_RATE_LIMIT, 0 for none.
    """
    limit: int = settings.API_RATE_LIMIT
    if not limit:
        return
    window, elapsed = divmod(time.time() if now is None else now, WINDOW)
    key = f"api-rate:{caller}:{window:.0f}"
    cache.add(key, 0, timeout=WINDOW)
    try:
        count = cache.incr(key)
    except ValueError:
        return  # evicted between the two calls: the cache is too small to limit anything
    if count > limit:
        raise TooManyRequests(retry_after=max(1, round(WINDOW - elapsed)))
