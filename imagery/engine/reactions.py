"""What follows for a want that a call left unsatisfied: again, the next rung, or a person."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from imagery.engine.policy import Retries
from imagery.models import UnknownPolicy
from imagery.providers.protocol import CallOutcome, OutcomeClass

#: The code of a call whose worker was lost while it was out.
WORKER_LOST: Final = "worker_lost"
#: Of one want from one rung, with the one that was sent again.
_MOST_UNKNOWNS: Final = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a want stands: its rung, the calls made from there, and those of unknown outcome.
    `unsent` of the calls were none, as far as the provider is concerned."""

    rung: int = 0
    attempts: int = 0
    unknowns: int = 0
    unsent: int = 0

    def next_rung(self) -> "Place":
        return Place(self.rung + 1)


@dataclass(frozen=True, slots=True)
class Move:
    """The place after a call, and when the next one may be made (None: at once). Of the place
    `unsent` says nothing: it is counted anew each time."""

    place: Place
    due_at: datetime | None = None


def move_after(
    place: Place,
    outcome: CallOutcome,
    *,
    has_other: bool,
    policy: UnknownPolicy,
    retries: Retries,
    at: datetime,
) -> Move:
    """The five reactions. `has_other`: a rung further on could be asked now.

    A refused key or an empty purse is not the want's fault: with nobody else to ask it stays where
    it is, and waits with all the others for the provider to be resumed.
    """
    place, unsent = replace(place, unsent=0), place.unsent
    tried = place.attempts + 1
    match outcome.outcome:
        case OutcomeClass.REFUSED:
            if outcome.pauses_provider and not has_other:
                return Move(place)
            return Move(place.next_rung())
        case OutcomeClass.UNKNOWN:
            return _after_unknown(place, policy)
        case _ if is_unsent(outcome.outcome, outcome.code):
            if unsent + 1 >= retries.most_unsent:
                return Move(place.next_rung())
            wait = max(retries.wait(attempts=unsent + 1), outcome.retry_after or timedelta())
        case _ if tried - unsent >= retries.most_attempts:
            return Move(place.next_rung())
        case OutcomeClass.REJECTED_FOR_NOW:
            # The provider's own cool-down says when: one place for all that wait for it.
            wait = timedelta()
        case _:
            # What is missing beside what came is asked for at once.
            wait = timedelta() if outcome.images else retries.wait(attempts=tried - unsent)
    return Move(replace(place, attempts=tried), at + wait if wait else None)


def is_unsent(outcome: str, code: str) -> bool:
    """Whether a call of this end never reached anybody. Work of our own that ended with its worker
    may be what ended it, and is not tried that often."""
    return outcome == OutcomeClass.NOT_SENT and code != WORKER_LOST


def _after_unknown(place: Place, policy: UnknownPolicy) -> Move:
    unknowns = place.unknowns + 1
    if policy == UnknownPolicy.NEXT_RUNG:
        return Move(place.next_rung())
    if policy == UnknownPolicy.RESEND_ONCE and unknowns >= _MOST_UNKNOWNS:
        return Move(place.next_rung())
    return Move(Place(place.rung, place.attempts + 1, unknowns))
