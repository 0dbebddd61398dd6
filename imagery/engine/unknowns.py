"""Calls of which nobody knows how they ended: a person has found out."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from imagery.engine.errors import OutcomeIsKnown
from imagery.engine.waking import wake_jobs_of
from imagery.errors import CallHasEnded
from imagery.models import CallWant, ProviderCall, Want, WantState
from imagery.money import ledger
from imagery.providers.protocol import OutcomeClass


@transaction.atomic
def wake_waiting(*, account_id: int) -> int:
    """What follows an unknown outcome is decided otherwise: jobs with one look again; how many."""
    unknown = CallWant.objects.filter(
        call__account=account_id, call__outcome=OutcomeClass.UNKNOWN, call__resolved_at=None
    )
    open_wants = unknown.filter(want__state=WantState.OPEN)
    return wake_jobs_of(_locked(open_wants))


def _locked(links: QuerySet[CallWant]) -> list[int]:
    """Wants are locked first, as everywhere: no job that has one rests meanwhile."""
    wants = Want.objects.filter(pk__in=links.values("want")).order_by("pk").select_for_update()
    return list(wants.values_list("pk", flat=True))


@transaction.atomic
def resolve(call: ProviderCall, *, was_charged: bool, by: User | None) -> ProviderCall:
    """Settle what was at risk if it was charged, else give it back; its jobs may go on.

    Raises OutcomeIsKnown, having changed nothing.
    """
    want_ids = _locked(CallWant.objects.filter(call=call))
    now = ledger.locked(call)
    try:
        resolved = ledger.resolve(call=now, actual_micros=now.at_risk_micros if was_charged else 0)
    except CallHasEnded as problem:
        raise OutcomeIsKnown("How this call ended is known.") from problem
    resolved.resolved_by = by
    resolved.save(update_fields=["resolved_by"])
    wake_jobs_of(want_ids)
    return resolved
