"""How far the fetching of media goes: bounds, threads, and where it may reach."""

from dataclasses import dataclass
from typing import Final, Self

from django.conf import settings

from outbound import Gate, Limits, PictureLimits

#: Tries of one address, of which the last decides.
MOST_ATTEMPTS: Final = 6


@dataclass(frozen=True, slots=True)
class Policy:
    """`threads` ask at once, no more than `threads_per_host` of them the same server."""

    limits: Limits
    pictures: PictureLimits
    gate: Gate
    threads: int
    threads_per_host: int

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            limits=Limits(max_bytes=settings.MEDIA_MAX_BYTES),
            pictures=PictureLimits(max_pixels=settings.MEDIA_MAX_PIXELS),
            gate=Gate(allowed_hosts=settings.OUTBOUND_ALLOWED_HOSTS),
            threads=settings.MEDIA_THREADS,
            threads_per_host=settings.MEDIA_THREADS_PER_HOST,
        )
