"""Follow-ups: later work that is written down in the transaction that calls for it."""

from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import Account
from jobs import clock
from jobs.enqueue import enqueue
from jobs.errors import UnknownKind
from jobs.models import FollowUp

Handler = Callable[[FollowUp], None]

_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Name the function that does this kind of follow-up; rooms call it as they get ready.

    A handler may be called more than once for one follow-up (a worker can die at any moment):
    its effects must bear that. It must stay well under the queue's time-out of five minutes;
    longer work is a job of its own.
    """
    if _handlers.setdefault(kind, handler) is not handler:
        raise ValueError(f"follow-up {kind!r} already has a handler")


def handler_for(kind: str) -> Handler:
    """Raises UnknownKind if no room registered this kind."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"no handler is registered for {kind!r}") from None


def add(*, kind: str, payload: Mapping[str, Any], account: Account | None = None) -> FollowUp:
    """Write the follow-up in the caller's transaction, and ring for it when that commits."""
    follow_up = FollowUp.objects.create(
        kind=kind, payload=dict(payload), account=account, run_after=clock.now()
    )
    enqueue(follow_up)
    return follow_up
