"""A call's way through money and slots: when it may go out, and what its end means."""

from datetime import timedelta

from django.db import transaction

from imagery.errors import CallHasEnded, CallMustWait
from imagery.models import CallState, PriceRow, ProviderCall, WaitsFor
from imagery.money import ledger, thresholds
from imagery.money.budgets import month_of
from imagery.money.prices import Asked, PriceList, actual_micros, most_micros
from imagery.money.provider_health import learn
from imagery.money.slots import take_slot
from imagery.providers.protocol import CallOutcome, OutcomeClass
from jobs import clock


def begin(*, call: ProviderCall, lease: timedelta) -> ProviderCall:
    """Reserve the most that a planned call may cost, take a slot, and commit it as sending.

    All of it or nothing, in one transaction of its own; the socket is opened after that. `lease`
    must be longer than the call can take: then the slot is taken for free again. Raises
    CallMustWait once the reason and the time to ask again stand on the call; CallHasEnded if it is
    not planned any more.
    """
    try:
        return _begin(call=call, price=_price_of(call), lease=lease)
    except CallMustWait as refusal:
        _note(call, refusal)
        raise


@transaction.atomic
def end(*, call: ProviderCall, outcome: CallOutcome) -> ProviderCall:
    """Settle, release or keep at risk as the outcome says, give the slot back, and learn from it.

    A late answer of a call that was given up as unknown is settled too. Save what was delivered
    before: pictures do not depend on what happens here. Raises CallHasEnded for a second answer,
    having learnt nothing. Rows are locked in the ledger's order, so it learns before money moves.
    """
    now = ledger.locked(call)
    if now.state == CallState.ENDED and outcome.outcome is OutcomeClass.UNKNOWN:
        raise CallHasEnded("The call was given up as unknown before.")
    learn(provider=now.provider, account=now.account, outcome=outcome)
    if now.state == CallState.ENDED:
        return ledger.resolve(call=now, actual_micros=_cost(now, outcome), outcome=outcome)
    if outcome.outcome is OutcomeClass.UNKNOWN:
        return ledger.mark_at_risk(call=now, outcome=outcome)
    if outcome.outcome in (OutcomeClass.DELIVERED, OutcomeClass.SHORT):
        return ledger.settle(call=now, actual_micros=_cost(now, outcome), outcome=outcome)
    return ledger.release(call=now, outcome=outcome)


@transaction.atomic
def _begin(*, call: ProviderCall, price: PriceRow, lease: timedelta) -> ProviderCall:
    at = clock.now()
    held = ledger.locked(call)
    if held.state != CallState.PLANNED:
        raise CallHasEnded("The call has gone out before.")
    take_slot(provider=held.provider, account=held.account, at=at)
    if held.month_id is None:
        most = most_micros(price, images=held.images)
        held = ledger.reserve_for_locked(held=held, maximum_micros=most)
    held.price, held.state, held.sending_at = price, CallState.SENDING, at
    held.slot_until, held.waits_for, held.due_at = at + lease, "", None
    held.save(update_fields=["price", "state", "sending_at", "slot_until", "waits_for", "due_at"])
    return held


def _price_of(call: ProviderCall) -> PriceRow:
    """Looked up before anything is locked: calls wait for each other no longer than they must."""
    prices = PriceList.of(account=call.account, on=clock.now().date(), provider=call.provider)
    return prices.find(Asked(call.provider, call.model, call.operation, call.quality))


def _note(call: ProviderCall, refusal: CallMustWait) -> None:
    with transaction.atomic():
        ProviderCall.objects.filter(pk=call.pk, state=CallState.PLANNED).update(
            waits_for=refusal.reason, due_at=refusal.until
        )
        if refusal.reason == WaitsFor.BUDGET:
            month = month_of(account=call.account, at=clock.now())
            thresholds.tell(month_id=month.pk, is_refused=True)


def _cost(call: ProviderCall, outcome: CallOutcome) -> int:
    if call.price is None or outcome.outcome not in (OutcomeClass.DELIVERED, OutcomeClass.SHORT):
        return 0
    return actual_micros(
        call.price, images=len(outcome.images), asked=call.images, usage=outcome.usage
    )
