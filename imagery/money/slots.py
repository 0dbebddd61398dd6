"""How fast a provider is asked: pauses, cool-downs, rate, and how many calls are out at once."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, F, Q, Value, When

from accounts.models import Account
from imagery.errors import CallMustWait
from imagery.models import CallState, ProviderCall, ProviderPause, ProviderState, WaitsFor

_MINUTE: Final = timedelta(minutes=1)
#: When to look again for a slot that another call has.
_SOON: Final = timedelta(seconds=1)


def take_slot(*, provider: str, account: Account, at: datetime) -> ProviderState:
    """Count one more call to the provider, in the transaction that lets the call go out.

    The provider's row is locked until that transaction ends, so that counting is safe. Raises
    CallMustWait, and the transaction is to be rolled back, if the call may not go out now.
    """
    state = state_of(provider=provider, account=account)
    if ProviderPause.objects.filter(provider=provider).exists():
        raise CallMustWait(WaitsFor.PROVIDER_PAUSED, f"{provider} is paused for everyone.")
    begins_window = Q(window_began_at=None) | Q(window_began_at__lte=at - _MINUTE)
    may_go = ProviderState.objects.filter(
        Q(cool_down_until=None) | Q(cool_down_until__lte=at),
        begins_window | Q(per_minute=None) | Q(window_calls__lt=F("per_minute")),
        pk=state.pk,
        paused_at=None,
    )
    taken = may_go.update(
        window_calls=Case(When(begins_window, then=Value(1)), default=F("window_calls") + 1),
        window_began_at=Case(When(begins_window, then=Value(at)), default=F("window_began_at")),
    )
    state.refresh_from_db()
    if not taken:
        raise _refusal(state, at=at)
    if slots_taken(provider=provider, account=account, at=at) >= state.at_once_now:
        raise CallMustWait(
            WaitsFor.CONCURRENCY,
            f"{state.at_once_now} calls to {provider} are out.",
            until=at + _SOON,
        )
    return state


def slots_taken(*, provider: str, account: Account, at: datetime) -> int:
    """Calls that no answer has come for; of those whose worker was lost, until the lease ends."""
    return ProviderCall.objects.filter(
        account=account,
        provider=provider,
        state=CallState.SENDING,
        slot_until__gt=at,
        answered_at=None,
    ).count()


def state_of(*, provider: str, account: Account) -> ProviderState:
    return ProviderState.objects.get_or_create(account=account, provider=provider)[0]


def _refusal(state: ProviderState, *, at: datetime) -> CallMustWait:
    if state.paused_at is not None:
        return CallMustWait(
            WaitsFor.PROVIDER_PAUSED, f"{state.provider} is paused: {state.pause_reason}"
        )
    if state.cool_down_until is not None and state.cool_down_until > at:
        return CallMustWait(
            WaitsFor.COOL_DOWN,
            f"{state.provider} asked to wait.",
            until=state.cool_down_until,
        )
    began = state.window_began_at or at
    return CallMustWait(
        WaitsFor.RATE,
        f"{state.provider} may be asked {state.per_minute} times a minute.",
        until=began + _MINUTE,
    )
