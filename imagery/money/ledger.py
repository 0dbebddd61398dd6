"""Holding money for calls, and settling, releasing or keeping it at risk: the only writer of it.

Rows are locked in one order everywhere: the call, the provider's state, the month, the upload's
budget, the webhook's month. A call that has ended is closed: every movement happens at most once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from imagery.errors import CallHasEnded, CallMustWait
from imagery.models import (
    BudgetMonth,
    CallState,
    EntryKind,
    HookMonth,
    MoneyEntry,
    PriceRow,
    ProviderCall,
    Purse,
    UploadBudget,
    WaitsFor,
)
from imagery.money import thresholds
from imagery.money.budgets import month_of
from imagery.money.hook_budgets import hook_month_of
from imagery.providers.protocol import CallOutcome, OutcomeClass
from jobs import clock

#: How long to wait for money that calls under way may not need.
_WHILE_OPEN: Final = timedelta(minutes=1)
#: From the first of any month into the next one.
_MONTH: Final = timedelta(days=31)
_ENDED_BEFORE: Final = "The money of this call was dealt with before."


@transaction.atomic
def reserve(*, call: ProviderCall, maximum_micros: int) -> ProviderCall:
    """Hold what a planned call may cost at most against the month's cap and its upload's.

    Raises CallMustWait, with nothing held, if it does not fit; CallHasEnded for a call that has
    gone out. What costs nothing always fits. Returns the call as it is now.
    """
    return reserve_for_locked(held=locked(call), maximum_micros=maximum_micros)


def reserve_for_locked(*, held: ProviderCall, maximum_micros: int) -> ProviderCall:
    """The same for a call that the caller has `locked`, in its transaction."""
    if held.state != CallState.PLANNED or held.month_id is not None:
        raise CallHasEnded(_ENDED_BEFORE)
    at = clock.now()
    month = month_of(account=held.account, at=at)
    if not _hold(BudgetMonth, month.pk, maximum_micros):
        raise CallMustWait(
            WaitsFor.BUDGET,
            f"The budget of {month} is used up.",
            until=_next_try(month, at=at),
            is_off=not month.cap_micros,
        )
    purse = UploadBudget.objects.filter(upload_id=held.upload_id).first()
    if purse is not None and not _hold(UploadBudget, purse.pk, maximum_micros):
        raise CallMustWait(
            WaitsFor.UPLOAD_BUDGET,
            "The budget of the upload is used up.",
            until=at + _WHILE_OPEN if purse.reserved_micros else None,
            is_off=not purse.cap_micros,
        )
    hook_month = hook_month_of(call=held, at=at)
    if hook_month is not None and not _hold(HookMonth, hook_month.pk, maximum_micros):
        raise CallMustWait(
            WaitsFor.HOOK_BUDGET,
            "The budget of the webhook is used up.",
            until=_next_try(hook_month, at=at),
            is_off=not hook_month.cap_micros,
        )
    held.month, held.upload_budget, held.hook_month = month, purse, hook_month
    held.reserved_micros = maximum_micros
    held.save(update_fields=["month", "upload_budget", "hook_month", "reserved_micros"])
    _write(held, {EntryKind.RESERVE: maximum_micros}, at=at)
    thresholds.tell(month_id=month.pk)
    return held


def settle(*, call: ProviderCall, actual_micros: int, outcome: CallOutcome) -> ProviderCall:
    """End the call at what it cost, and release the rest; more than was held is settled too.

    In that case the call is marked, and the price row paused. Raises CallHasEnded.
    """
    return _end(call=call, settled=actual_micros, at_risk=False, outcome=outcome)


def release(*, call: ProviderCall, outcome: CallOutcome) -> ProviderCall:
    """End a call that cost nothing. Raises CallHasEnded."""
    return _end(call=call, settled=0, at_risk=False, outcome=outcome)


def mark_at_risk(*, call: ProviderCall, outcome: CallOutcome) -> ProviderCall:
    """End a call of unknown outcome: all that was held for it may be gone. Raises CallHasEnded."""
    return _end(call=call, settled=0, at_risk=True, outcome=outcome)


@transaction.atomic
def resolve(
    *, call: ProviderCall, actual_micros: int, outcome: CallOutcome | None = None
) -> ProviderCall:
    """Say what a call of unknown outcome did cost: a late answer came, or a person found out.

    With a late `outcome` the call is then of that. Raises CallHasEnded if the call is not of
    unknown outcome, or was resolved before.
    """
    held = locked(call)
    if held.outcome != OutcomeClass.UNKNOWN or held.resolved_at is not None:
        raise CallHasEnded(_ENDED_BEFORE)
    at = clock.now()
    risked, over = held.at_risk_micros, max(0, actual_micros - held.at_risk_micros)
    freed = risked + over - actual_micros
    held.reserved_micros += over
    held.settled_micros += actual_micros
    held.released_micros += freed
    held.at_risk_micros, held.resolved_at = 0, at
    held.overran = held.overran or over > 0
    if outcome is not None:
        _record(held, outcome)
    held.save()
    _move(held, settled=actual_micros, at_risk=-risked)
    moved = {
        EntryKind.AT_RISK: -risked,
        EntryKind.CORRECTION: over,
        EntryKind.SETTLE: actual_micros,
        EntryKind.RELEASE: freed,
    }
    _write(held, moved, at=at)
    _pause_price(held, at=at)
    return held


def locked(call: ProviderCall) -> ProviderCall:
    """The call as it is now, nobody else's until the transaction ends."""
    calls = ProviderCall.objects.select_related(
        "account", "month", "upload_budget", "hook_month", "price"
    )
    return calls.select_for_update(of=("self",)).get(pk=call.pk)


@transaction.atomic
def _end(*, call: ProviderCall, settled: int, at_risk: bool, outcome: CallOutcome) -> ProviderCall:
    held = locked(call)
    if held.state == CallState.ENDED:
        raise CallHasEnded(_ENDED_BEFORE)
    at = clock.now()
    opened = held.reserved_micros
    over = max(0, settled - opened)
    risked = opened if at_risk else 0
    freed = opened + over - settled - risked
    held.reserved_micros += over
    held.settled_micros, held.released_micros, held.at_risk_micros = settled, freed, risked
    held.overran = over > 0
    held.state, held.ended_at, held.slot_until = CallState.ENDED, at, None
    held.waits_for, held.due_at = "", None
    if held.month is None:
        held.month = month_of(account=held.account, at=at)
    _record(held, outcome)
    held.save()
    _move(held, reserved=-opened, settled=settled, at_risk=risked)
    moved = {
        EntryKind.CORRECTION: over,
        EntryKind.SETTLE: settled,
        EntryKind.RELEASE: freed,
        EntryKind.AT_RISK: risked,
    }
    _write(held, moved, at=at)
    _pause_price(held, at=at)
    return held


def _hold(purse: type[Purse], pk: int, micros: int) -> bool:
    """The one conditional update: of any number of workers none gets the purse beyond its cap."""
    rows = purse._default_manager.filter(pk=pk)
    if micros:
        used = F("reserved_micros") + F("settled_micros") + F("at_risk_micros")
        rows = rows.filter(cap_micros__gte=used + micros)
    return bool(rows.update(reserved_micros=F("reserved_micros") + micros))


def _next_try(month: BudgetMonth | HookMonth, *, at: datetime) -> datetime:
    """Soon if calls under way may give money back, else when the next month begins."""
    purses = type(month)._default_manager
    if purses.filter(pk=month.pk, reserved_micros__gt=0).exists():
        return at + _WHILE_OPEN
    return (at.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + _MONTH).replace(day=1)


def _move(call: ProviderCall, *, settled: int, at_risk: int, reserved: int = 0) -> None:
    for purse in (call.month, call.upload_budget, call.hook_month):
        if purse is None:
            continue
        type(purse)._default_manager.filter(pk=purse.pk).update(
            reserved_micros=F("reserved_micros") + reserved,
            settled_micros=F("settled_micros") + settled,
            at_risk_micros=F("at_risk_micros") + at_risk,
        )


def _write(call: ProviderCall, moved: Mapping[EntryKind, int], *, at: datetime) -> None:
    same: dict[str, Any] = {
        "account_id": call.account_id,
        "month_id": call.month_id,
        "call": call,
        "created_at": at,
    }
    MoneyEntry.objects.bulk_create(
        MoneyEntry(kind=kind, amount_micros=micros, **same)
        for kind, micros in moved.items()
        if micros
    )


def _record(call: ProviderCall, outcome: CallOutcome) -> None:
    call.outcome = outcome.outcome
    call.http_status = outcome.http_status
    call.request_id = (outcome.request_id or "")[:200]
    call.model_actual = (outcome.model_actual or "")[:100]
    call.error_code = outcome.code[:100]
    call.error_message = outcome.message[:1000]


def _pause_price(call: ProviderCall, *, at: datetime) -> None:
    """A row that promised too little buys nothing more until a person has looked at it."""
    if call.overran and call.price_id is not None:
        PriceRow.objects.filter(pk=call.price_id, account=call.account_id, paused_at=None).update(
            paused_at=at,
            pause_reason=f"Call {call.pk} cost {call.settled_micros} micro-units, more than was "
            "reserved at this price.",
        )
