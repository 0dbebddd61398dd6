"""Whether the books add up, and how a month stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum

from accounts.models import Account
from imagery.models import (
    BudgetMonth,
    EntryKind,
    HookMonth,
    MoneyEntry,
    ProviderCall,
    UploadBudget,
)

_PARTS: Final = ("settled_micros", "released_micros", "at_risk_micros")
_IN_CALLS: Final = {
    EntryKind.SETTLE: "settled_micros",
    EntryKind.RELEASE: "released_micros",
    EntryKind.AT_RISK: "at_risk_micros",
}


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Two places that should say the same of one purse, and do not. In micro-units."""

    where: str
    what: str
    expected: int
    found: int


def imbalances(*, account: Account) -> tuple[Imbalance, ...]:
    """Empty if calls, ledger, months, uploads' and webhooks' budgets say the same; seven queries.

    Read it where nothing is written meanwhile, or in a transaction that sees one moment.
    """
    return (*_of_months(account), *_of_uploads(account), *_of_hooks(account))


def _of_months(account: Account) -> Iterator[Imbalance]:
    calls = _sums(account, "month")
    written: dict[int, dict[str, int]] = {}
    entries = MoneyEntry.objects.filter(account=account).order_by()
    for pk, kind, micros in entries.values_list("month", "kind").annotate(Sum("amount_micros")):
        written.setdefault(pk, {})[kind] = micros
    for month in BudgetMonth.objects.filter(account=account):
        sums = calls.get(month.pk, dict.fromkeys(("reserved_micros", *_PARTS), 0))
        lines = written.get(month.pk, {})
        held = lines.get(EntryKind.RESERVE, 0) + lines.get(EntryKind.CORRECTION, 0)
        yield from _compare(str(month), "held in the ledger", sums["reserved_micros"], held)
        for kind, field in _IN_CALLS.items():
            found = lines.get(kind, 0)
            yield from _compare(str(month), f"{kind.label} in the ledger", sums[field], found)
        yield from _of_purse(month, sums)


def _of_uploads(account: Account) -> Iterator[Imbalance]:
    calls = _sums(account, "upload_budget")
    for purse in UploadBudget.objects.filter(upload__account=account):
        sums = calls.get(purse.pk, dict.fromkeys(("reserved_micros", *_PARTS), 0))
        yield from _of_purse(purse, sums)


def _of_hooks(account: Account) -> Iterator[Imbalance]:
    calls = _sums(account, "hook_month")
    for purse in HookMonth.objects.filter(endpoint__account=account):
        sums = calls.get(purse.pk, dict.fromkeys(("reserved_micros", *_PARTS), 0))
        yield from _of_purse(purse, sums)


def _of_purse(
    purse: BudgetMonth | HookMonth | UploadBudget, sums: dict[str, int]
) -> Iterator[Imbalance]:
    opened = sums["reserved_micros"] - sum(sums[part] for part in _PARTS)
    where = str(purse)
    yield from _compare(where, "reserved", opened, purse.reserved_micros)
    yield from _compare(where, "settled", sums["settled_micros"], purse.settled_micros)
    yield from _compare(where, "at risk", sums["at_risk_micros"], purse.at_risk_micros)


def _sums(account: Account, purse: str) -> dict[int, dict[str, int]]:
    names = ("reserved_micros", *_PARTS)
    calls = ProviderCall.objects.filter(account=account, **{f"{purse}__isnull": False}).order_by()
    rows = calls.values_list(purse).annotate(*(Sum(name) for name in names))
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def _compare(where: str, what: str, expected: int, found: int) -> Iterator[Imbalance]:
    if expected != found:
        yield Imbalance(where=where, what=what, expected=expected, found=found)
