"""Eight processes, a thousand due calls, and a cap of a hundred credits."""

import pytest
from django.db.models import Sum

from imagery.models import BudgetMonth, MoneyEntry, PriceUnit, ProviderCall
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget
from imagery.money.slots import state_of
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import PriceRowFactory, ProviderCallFactory
from tests.processes import running

WORKERS = 8
CALLS = 1000
CREDIT = 1_000_000


@pytest.mark.django_db(transaction=True)
def test_eight_workers_never_spend_more_than_the_cap(tmp_path):
    account = AccountFactory.create()
    set_budget(account=account, monthly_cap_micros=100 * CREDIT)
    PriceRowFactory.create(account=account, unit=PriceUnit.CREDIT, unit_micros=CREDIT)
    state = state_of(provider="painter", account=account)
    state.most_at_once = state.at_once_now = WORKERS
    state.save()
    ProviderCall.objects.bulk_create(ProviderCallFactory.build_batch(CALLS, account=account))
    log = tmp_path / "log"

    spender = ("-m", "tests.imagery.money.spender", str(WORKERS))
    with running(*spender, log=log) as workers:
        assert workers.wait(timeout=300) == 0, log.read_text()

    month = BudgetMonth.objects.get(account=account)
    assert month.reserved_micros == 0
    assert month.settled_micros + month.at_risk_micros == 100 * CREDIT
    assert imbalances(account=account) == ()
    waiting = ProviderCall.objects.filter(state="planned")
    assert set(waiting.values_list("waits_for", flat=True)) == {"budget"}
    assert waiting.count() + ProviderCall.objects.filter(state="ended").count() == CALLS
    charged = ProviderCall.objects.exclude(outcome="not_sent").filter(state="ended")
    assert charged.count() == 100
    settled = MoneyEntry.objects.filter(kind="settle").aggregate(sum=Sum("amount_micros"))
    assert settled["sum"] == month.settled_micros

    set_budget(account=account, monthly_cap_micros=200 * CREDIT)

    assert waiting.filter(due_at__lte=clock.now()).count() == waiting.count()
