"""What was spent and is left, and how the providers fared: what pages and the API tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Avg, Count, F, Q, Sum

from accounts.models import Account
from imagery.models import Budget, CallState, ProviderCall
from imagery.money.budgets import month_of
from imagery.providers.protocol import OutcomeClass

_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Spending:
    """A month of an account, in micro-units; `currency` is "" where no budget was ever set."""

    currency: str
    cap: int
    settled: int
    reserved: int
    at_risk: int
    free: int


@dataclass(frozen=True, slots=True)
class ProviderDay:
    """A provider's last 24 hours: calls that went out and ended, and those of them that never
    reached it, were refused or stayed unknown; the mean time of one, and what they cost with what
    is at risk.
    """

    provider: str
    calls: int
    errors: int
    mean_time: timedelta | None
    spent_micros: int


def spending_of(*, account: Account, at: datetime) -> Spending:
    """Of the month that `at` lies in."""
    month = month_of(account=account, at=at)
    currency = Budget.objects.filter(account=account).values_list("currency", flat=True).first()
    return Spending(
        currency=currency or "",
        cap=month.cap_micros,
        settled=month.settled_micros,
        reserved=month.reserved_micros,
        at_risk=month.at_risk_micros,
        free=month.free_micros,
    )


def last_day(*, account: Account, at: datetime) -> Sequence[ProviderDay]:
    """Of every provider that was called, by name. One query."""
    ended = ProviderCall.objects.filter(
        account=account,
        state=CallState.ENDED,
        sending_at__isnull=False,
        ended_at__gt=at - _DAY,
        ended_at__lte=at,
    )
    failed = Q(outcome__in=[OutcomeClass.NOT_SENT, OutcomeClass.REFUSED, OutcomeClass.UNKNOWN])
    rows = ended.values_list("provider").annotate(
        calls=Count("id"),
        errors=Count("id", filter=failed),
        mean_time=Avg(F("ended_at") - F("sending_at")),
        spent=Sum("settled_micros") + Sum("at_risk_micros"),
    )
    return [ProviderDay(*row) for row in rows.order_by("provider")]
