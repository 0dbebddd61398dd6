"""Calls that wait for money or a provider are due when what they wait for has changed.

They are made so behind the transaction that changes it: who begins a call locks that before the
provider and the purses. It is written down with the change, so that it is done whatever happens
in between.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q

from imagery.models import CallState, ProviderCall, WaitsFor
from jobs import clock, followups
from jobs.models import FollowUp

KIND: Final = "imagery.calls_due_again"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Planned calls that wait for one of the `reasons`: those of an account, an upload or a
    webhook, and to a provider, where one is given."""

    reasons: Sequence[WaitsFor]
    account_id: int | None = None
    upload_id: int | None = None
    hook_id: int | None = None
    provider: str | None = None


def register() -> None:
    followups.register(KIND, after_change)


@contextmanager
def due_again(waiting: Waiting) -> Iterator[None]:
    """One transaction for what is changed in it; behind it, these calls are due at once."""
    with transaction.atomic():
        yield
        followups.add(kind=KIND, payload=asdict(waiting))
    wake(waiting)


def after_change(follow_up: FollowUp) -> None:
    """Most are due by now: not those that came to rest at the very moment of the change, and none
    if the process that made it has died."""
    wake(Waiting(**follow_up.payload))


def wake(waiting: Waiting) -> int:
    """Those that are not due yet are; how many."""
    at = clock.now()
    calls = ProviderCall.objects.filter(state=CallState.PLANNED, waits_for__in=waiting.reasons)
    if waiting.account_id is not None:
        calls = calls.filter(account_id=waiting.account_id)
    if waiting.upload_id is not None:
        calls = calls.filter(upload_id=waiting.upload_id)
    if waiting.hook_id is not None:
        calls = calls.filter(job__hook_id=waiting.hook_id)
    if waiting.provider is not None:
        calls = calls.filter(provider=waiting.provider)
    return calls.filter(Q(due_at=None) | Q(due_at__gt=at)).update(due_at=at)
