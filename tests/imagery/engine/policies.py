"""How far the engine goes in tests: to this machine's own servers, and without waiting."""

import random
from datetime import timedelta
from typing import Any, Final

from imagery.engine.policy import Policy, Retries
from imagery.providers.delivery import CollectionPolicy
from imagery.rehosting.photo_fetching import PhotoPolicy
from outbound import Gate, Limits, PictureLimits

#: No test waits for a second try.
AT_ONCE: Final = Retries(
    most_attempts=3, most_unsent=5, first_wait=timedelta(0), chance=random.Random(1)
)


def policy_for_ports(*ports: int, **changes: Any) -> Policy:
    """Addresses with these ports of this machine may be reached."""
    allowed = frozenset(("127.0.0.1", port) for port in ports)
    limits = Limits(max_bytes=10_000_000, connect_seconds=2, read_seconds=5, total_seconds=10)
    pictures, gate = PictureLimits(max_pixels=10_000_000), Gate(allowed_hosts=allowed)
    said: dict[str, Any] = {
        "threads": 8,
        "lease": timedelta(seconds=30),
        "collection": CollectionPolicy(limits, pictures, gate),
        "photos": PhotoPolicy(limits, pictures, gate),
        "slice_seconds": 20.0,
        "retries": AT_ONCE,
    }
    return Policy(**{**said, **changes})
