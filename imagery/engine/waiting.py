"""Waiting for jobs that others work on, for as long as a caller has patience."""

import time
from collections.abc import Collection
from typing import Final

from imagery.models import OPEN_STATES, ImageJob

_LOOKS_EVERY: Final = 0.1


def wait_for(jobs: Collection[ImageJob], *, timeout: float) -> None:
    """Until all of them have ended, for so many seconds at most."""
    ends_at = time.monotonic() + timeout
    keys = [job.pk for job in jobs]
    while ImageJob.objects.filter(pk__in=keys, state__in=OPEN_STATES).exists():
        left = ends_at - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(_LOOKS_EVERY, left))
