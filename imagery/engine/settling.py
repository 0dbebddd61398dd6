"""The end of a call: pictures kept, wants moved on, money dealt with, in one transaction."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from imagery.engine import events, picture_rows
from imagery.engine.ladders import Step, has_other, read_steps
from imagery.engine.photos import hindrance_of
from imagery.engine.policy import Retries
from imagery.engine.reactions import Move, Place, is_unsent, move_after
from imagery.engine.taking_back import TAKEN_BACK, take_back_unneeded
from imagery.engine.views import read_pauses, source_of
from imagery.models import (
    CallState,
    CallWant,
    ProviderCall,
    UnknownPolicy,
    Want,
    WantState,
    settings_of,
)
from imagery.money import calls
from imagery.providers.delivery import CollectionFailure
from imagery.providers.protocol import CallOutcome, OutcomeClass
from imagery.rehosting.storing import StoredImage
from jobs import clock

#: Calls that left their wants as they were: refused with nobody else to ask, or taken back. One
#: that was unknown at first counts, whatever was found out since.
_IS_NO_TRY: Final = Q(call__outcome=OutcomeClass.REFUSED, call__resolved_at=None) | Q(
    call__outcome=OutcomeClass.NOT_SENT, call__error_code__in=TAKEN_BACK
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended. `results` are those of the outcome's images, in their order.

    One that was `never_sent` is over unless somebody else has sent it meanwhile. With
    `takes_next_rung` its wants are then another provider's to make.
    """

    call_id: int
    outcome: CallOutcome
    results: Sequence[StoredImage | CollectionFailure] = ()
    never_sent: bool = False
    takes_next_rung: bool = False


@transaction.atomic
def settle(ending: Ending, *, retries: Retries) -> frozenset[int]:
    """Keep what came, for the wants of the call that are still open; move on those left over.

    May be called again for the same ending, and late, for a call that was given up as unknown: then
    nothing is done twice. Whatever is wrong with the books, what was delivered is kept. The wants
    that something happened to.
    """
    at = clock.now()
    wants, served = _locked_wants(ending.call_id)
    call = ProviderCall.objects.select_for_update().get(pk=ending.call_id)
    if call.state == CallState.ENDED and not _is_late_answer(call, ending.outcome):
        return frozenset()
    if ending.never_sent and call.state != CallState.PLANNED:
        return frozenset()
    is_booked = call.resolved_at is not None
    outcome = _as_it_came(ending)
    still_open = [want for want in wants if want.state == WantState.OPEN]
    kept = picture_rows.keep(call, still_open, ending.results, all_wants=wants, at=at)
    # What a late answer was for has long moved on.
    left = [want for want in still_open if want.pk in served - kept.want_ids]
    waiting = picture_rows.being_rescued(call) if left else ()
    left = [want for want in left if want.pk not in waiting]
    if ending.takes_next_rung:
        _pass_over(call, left, outcome)
    else:
        move_left(call, left, outcome, retries=retries, at=at)
    CallWant.objects.filter(call=call).update(is_open=False)
    cost = call.settled_micros if is_booked else _book(call, outcome)
    # After it: taking back touches the month, and a provider's state is locked before that.
    take_back_unneeded(kept.want_ids)
    if cost is None or not kept.images:
        picture_rows.share_cost(call)
    else:
        picture_rows.share_between([image.pk for image in kept.images], cost)
    events.tell_of(kept.images)
    return frozenset(want.pk for want in still_open)


def _locked_wants(call_id: int) -> tuple[list[Want], frozenset[int]]:
    """In the order in which the call asks for them; and which of them it still serves."""
    links = {link.want_id: link for link in CallWant.objects.filter(call=call_id)}
    rows = Want.objects.filter(pk__in=list(links)).order_by("pk").select_for_update()
    served = frozenset(pk for pk, link in links.items() if link.is_open)
    return sorted(rows, key=lambda want: links[want.pk].position), served


def _is_late_answer(call: ProviderCall, outcome: CallOutcome) -> bool:
    """Pictures are kept even if a person has said meanwhile what the call had cost."""
    given_up = call.outcome == OutcomeClass.UNKNOWN
    return given_up and outcome.outcome is not OutcomeClass.UNKNOWN


def _as_it_came(ending: Ending) -> CallOutcome:
    """An answer whose images are none, or no images, fell short of what was asked for."""
    lost = [
        result
        for result in ending.results
        if isinstance(result, CollectionFailure) and not picture_rows.can_be_rescued(result)
    ]
    if not lost or ending.outcome.outcome is not OutcomeClass.DELIVERED:
        return ending.outcome
    return replace(
        ending.outcome, outcome=OutcomeClass.SHORT, code=lost[0].code, message=lost[0].message
    )


def move_left(
    call: ProviderCall,
    left: Sequence[Want],
    outcome: CallOutcome,
    *,
    retries: Retries,
    at: datetime,
) -> None:
    """What follows for wants that the call left without a picture; they are locked."""
    left = [want for want in left if want.rung == call.rung]
    if not left:
        return
    step = read_steps({left[0].step_id})[left[0].step_id]
    others = outcome.pauses_provider and _has_other(step, call, left[0], at=at)
    policy = UnknownPolicy(settings_of(call.account_id).unknown_policy)
    unsent = _unsent(call, left)
    for want in left:
        place = Place(want.rung, want.attempts, want.unknowns, unsent[want.pk])
        move = move_after(place, outcome, has_other=others, policy=policy, retries=retries, at=at)
        _move(want, move, outcome, rungs=len(step.rungs))


def _has_other(step: Step, call: ProviderCall, want: Want, *, at: datetime) -> bool:
    """Wants of one call start from the same."""
    pauses, source = read_pauses(), source_of(want)
    return has_other(
        step,
        after=call.rung,
        is_paused=lambda name: pauses.hold(call.account_id, name),
        hindrance=lambda provider: hindrance_of(provider, source, at=at),
    )


def _unsent(call: ProviderCall, wants: Sequence[Want]) -> Counter[int]:
    """By want, how many of its `attempts` from this rung never went out: they are the newest calls
    that were tries at all."""
    made = {want.pk: want.attempts for want in wants if want.attempts}
    found: Counter[int] = Counter()
    if not made:
        return found
    before = CallWant.objects.filter(want_id__in=list(made), call__rung=call.rung)
    ends = before.exclude(call=call).exclude(_IS_NO_TRY).order_by("-call_id")
    for want_id, outcome, code in ends.values_list("want_id", "call__outcome", "call__error_code"):
        # Those before were made before it was tried anew.
        if made[want_id]:
            made[want_id] -= 1
            found[want_id] += is_unsent(outcome, code)
    return found


def _pass_over(call: ProviderCall, left: Sequence[Want], outcome: CallOutcome) -> None:
    """The call never went out, and never will: the next one on the ladder is asked."""
    if left:
        rungs = len(read_steps({left[0].step_id})[left[0].step_id].rungs)
        for want in left:
            _move(want, Move(Place(call.rung + 1)), outcome, rungs=rungs)


def _move(want: Want, move: Move, outcome: CallOutcome, *, rungs: int) -> None:
    """Write where the want stands, and what it came to; beyond the last rung it is exhausted."""
    want.rung, want.attempts, want.unknowns = (
        move.place.rung,
        move.place.attempts,
        move.place.unknowns,
    )
    want.due_at = move.due_at
    want.error_code, want.message = outcome.code[:100], said_of(outcome)
    if want.rung >= rungs:
        want.state, want.due_at = WantState.EXHAUSTED, None
    want.save(
        update_fields=[
            *("rung", "attempts", "unknowns", "due_at", "state"),
            *("error_code", "message"),
        ]
    )


def said_of(outcome: CallOutcome) -> str:
    """In one line, as the manifest shows it too."""
    if outcome.http_status is not None and outcome.http_status >= 400:
        return f"HTTP {outcome.http_status}: {outcome.code}"[:1000]
    return (outcome.message or outcome.code)[:1000]


def _book(call: ProviderCall, outcome: CallOutcome) -> int | None:
    """What the call cost; None if that could not be written down."""
    try:
        with transaction.atomic():
            return calls.end(call=call, outcome=outcome).settled_micros
    except Exception:
        # The pictures are worth more than the books. As it is still out, it is looked at again.
        logger.exception("Call %s could not be settled", call.pk)
        return None
