"""What the answers of a provider teach about asking it, and pausing it."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from accounts.models import Account, User
from imagery.models import ProviderPause, ProviderState, WaitsFor
from imagery.money.due_again import Waiting, due_again
from imagery.money.slots import state_of
from imagery.providers.protocol import CallOutcome, OutcomeClass
from jobs import clock
from notices.models import Tone
from notices.posting import Message, post

FIRST_COOL_DOWN: Final = timedelta(seconds=2)
LONGEST_COOL_DOWN: Final = timedelta(minutes=5)
#: A provider that asks for more is asked again after this time, to see whether it still holds.
LONGEST_RETRY_AFTER: Final = timedelta(hours=24)
#: What a provider that is resumed is waited for no longer.
_OF_PROVIDER: Final = (WaitsFor.PROVIDER_PAUSED, WaitsFor.COOL_DOWN)

logger = logging.getLogger(__name__)


@transaction.atomic
def learn(*, provider: str, account: Account, outcome: CallOutcome) -> None:
    """Cool down after "too much", ask more again after success, pause where every call would fail.

    A refusal of the key or for want of money holds for everyone, and the operator is told once.
    """
    at = clock.now()
    if outcome.pauses_provider:
        pause_for_everyone(provider=provider, reason=_reason(outcome), at=at)
        return
    if outcome.outcome is OutcomeClass.REJECTED_FOR_NOW:
        _cool_down(provider=provider, account=account, asked=outcome.retry_after, at=at)
    elif outcome.outcome is OutcomeClass.DELIVERED:
        ProviderState.objects.filter(account=account, provider=provider).update(
            at_once_now=Least(F("at_once_now") + 1, F("most_at_once")), refusals_in_a_row=0
        )


def pause_for_everyone(*, provider: str, reason: str, at: datetime) -> None:
    """Nobody asks the provider until it is resumed; every superuser is told once of each pause."""
    pause, is_new = ProviderPause.objects.get_or_create(
        provider=provider, defaults={"reason": reason[:300], "paused_at": at}
    )
    if not is_new:
        return
    logger.error("Provider %s is paused for everyone: %s", provider, reason)
    message = Message(
        tone=Tone.BAD,
        title=f"{provider} is paused",
        text=f"Every call to {provider} would fail: {pause.reason}",
        next_step="Mend the key or the balance, then resume the provider.",
    )
    for person in User.objects.filter(is_superuser=True, is_active=True):
        about = f"imagery.provider_paused:{pause.pk}"
        post(user=person, account=None, about=about, message=message, by_mail=True)


def resume_for_everyone(*, provider: str) -> None:
    """Let the provider be asked again; what waited for it is due at once."""
    with due_again(Waiting(_OF_PROVIDER, provider=provider)):
        ProviderPause.objects.filter(provider=provider).delete()


def pause(*, provider: str, account: Account, reason: str) -> None:
    """Keep one account from asking the provider."""
    state = state_of(provider=provider, account=account)
    ProviderState.objects.filter(pk=state.pk).update(
        paused_at=clock.now(), pause_reason=reason[:300]
    )


def resume(*, provider: str, account: Account) -> None:
    """Let the account ask again, whatever paused or slowed it; what waited is due at once."""
    with due_again(Waiting(_OF_PROVIDER, account_id=account.pk, provider=provider)):
        ProviderState.objects.filter(account=account, provider=provider).update(
            paused_at=None, pause_reason="", cool_down_until=None, refusals_in_a_row=0
        )


def _cool_down(*, provider: str, account: Account, asked: timedelta | None, at: datetime) -> None:
    """As long as the provider says, else doubling; never shorter than what is set already."""
    state_id = state_of(provider=provider, account=account).pk
    state = ProviderState.objects.select_for_update().get(pk=state_id)
    doubled = FIRST_COOL_DOWN * (1 << min(state.refusals_in_a_row, 20))
    rest = min(doubled, LONGEST_COOL_DOWN)
    if asked is not None:
        rest = min(max(asked, timedelta(0)), LONGEST_RETRY_AFTER)
        state.retry_after = asked
    until = at + rest
    state.cool_down_until = max(until, state.cool_down_until or until)
    state.refusals_in_a_row = min(state.refusals_in_a_row + 1, 1000)
    state.at_once_now = max(1, state.at_once_now // 2)
    state.save(update_fields=["cool_down_until", "refusals_in_a_row", "at_once_now", "retry_after"])


def _reason(outcome: CallOutcome) -> str:
    status = f"HTTP {outcome.http_status}: " if outcome.http_status else ""
    return f"{status}{outcome.message or outcome.code}"
