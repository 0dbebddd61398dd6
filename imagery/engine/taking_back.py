"""Planned calls that are not needed any more: they end without ever having gone out."""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from imagery.errors import CallHasEnded
from imagery.models import CallState, CallWant, ProviderCall, WantState
from imagery.money import calls
from imagery.providers.protocol import CallOutcome, OutcomeClass

CANCELLED: Final = "cancelled"
NOT_NEEDED: Final = "not_needed"
#: Codes of calls that were taken back: no provider has them for its own.
TAKEN_BACK: Final = (CANCELLED, NOT_NEEDED)


def take_back(call: ProviderCall, *, code: str, message: str) -> None:
    """Nothing where the call has gone out meanwhile. Its wants are locked by the caller."""
    outcome = CallOutcome(OutcomeClass.NOT_SENT, code=code, message=message)
    try:
        with transaction.atomic():
            CallWant.objects.filter(call=call).update(is_open=False)
            calls.end(call=call, outcome=outcome)
    except CallHasEnded:
        return


def take_back_unneeded(want_ids: Collection[int]) -> None:
    """Calls planned for nothing but these wants, which have their pictures."""
    planned = ProviderCall.objects.filter(
        call_wants__want_id__in=list(want_ids),
        call_wants__is_open=True,
        state=CallState.PLANNED,
    )
    for call in planned.distinct().order_by("pk") if want_ids else ():
        links = CallWant.objects.filter(call=call, is_open=True)
        if not links.filter(want__state=WantState.OPEN).exists():
            take_back(call, code=NOT_NEEDED, message="What it was for has come from elsewhere.")
