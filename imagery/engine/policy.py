"""How far a round of the engine goes: bounds, leases, threads, and where it may reach."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self

from django.conf import settings

from imagery.providers.delivery import CollectionPolicy
from imagery.rehosting.photo_fetching import PhotoPolicy

#: With the longest call (180 seconds) and the fetching of what it brought, well within the queue's
#: time-out of 300.
SLICE_SECONDS: Final = 45.0


@dataclass(frozen=True, slots=True)
class Retries:
    """`most_attempts` are the calls for one want from one rung that may have reached the provider,
    `most_unsent` those that did not: no fault of its, and over when the network is back. Waits
    double, with full jitter."""

    most_attempts: int = 4
    most_unsent: int = 12
    first_wait: timedelta = timedelta(seconds=2)
    longest_wait: timedelta = timedelta(minutes=5)
    chance: random.Random = field(default_factory=random.SystemRandom, repr=False)

    def wait(self, *, attempts: int) -> timedelta:
        """After so many attempts."""
        doubled = self.first_wait * (1 << min(max(attempts - 1, 0), 20))
        return min(doubled, self.longest_wait) * self.chance.random()


@dataclass(frozen=True, slots=True)
class Policy:
    """`threads` calls are out at once, beside `studio_threads` pictures made in the house, which
    are this machine's own work. `lease` is how long after its last sign of life a worker counts as
    lost, and with it what it was sending. `hand` jobs of one account wait in a worker's hand.
    """

    threads: int
    lease: timedelta
    collection: CollectionPolicy
    photos: PhotoPolicy
    studio_threads: int = 1
    hand: int = 16
    slice_seconds: float = SLICE_SECONDS
    retries: Retries = field(default_factory=Retries)

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            threads=settings.IMAGERY_THREADS,
            lease=timedelta(seconds=settings.IMAGERY_LEASE_SECONDS),
            collection=CollectionPolicy.from_settings(),
            photos=PhotoPolicy.from_settings(),
        )
