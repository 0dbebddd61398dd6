"""Waiting for something to become true, instead of sleeping and hoping."""

import threading
import time
from collections.abc import Callable


def wait_until(
    condition: Callable[[], object], *, seconds: float = 20.0, what: str = "", every: float = 0.02
) -> None:
    """Asks `every` so many seconds until it holds. Raises AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or condition}")
        pause.wait(every)
