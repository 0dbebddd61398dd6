"""What is told of a month and of a provider's last day."""

from datetime import UTC, datetime, timedelta

import pytest

from imagery.money import calls
from imagery.money.budgets import set_budget
from imagery.money.spending import ProviderDay, Spending, last_day, spending_of
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import PriceRowFactory, ProviderCallFactory
from tests.imagery.money.outcomes import NOT_SENT, REFUSED, UNKNOWN, delivered

pytestmark = pytest.mark.django_db
NOON = datetime(2030, 5, 10, 12, tzinfo=UTC)


@pytest.fixture
def account(db, monkeypatch):
    account = AccountFactory.create()
    PriceRowFactory.create(account=account)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    set_budget(account=account, monthly_cap_micros=100)
    begun = [
        calls.begin(call=ProviderCallFactory.create(account=account), lease=timedelta(minutes=5))
        for _ in range(4)
    ]
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=8))
    for call, outcome in zip(begun, (delivered(), UNKNOWN, REFUSED), strict=False):
        calls.end(call=call, outcome=outcome)
    # Never went out: it is not the provider's.
    calls.end(call=ProviderCallFactory.create(account=account), outcome=NOT_SENT)
    return account


def test_a_month_is_told_with_what_is_left(account):
    assert spending_of(account=account, at=NOON) == Spending(
        currency="INR", cap=100, settled=10, reserved=10, at_risk=10, free=70
    )
    assert spending_of(account=AccountFactory.create(), at=NOON) == Spending("", 0, 0, 0, 0, 0)


def test_a_day_of_a_provider_counts_its_calls_that_ended(account, django_assert_num_queries):
    with django_assert_num_queries(1):
        days = last_day(account=account, at=NOON + timedelta(hours=1))

    assert days == [ProviderDay("painter", 3, 2, timedelta(seconds=8), 20)]
    assert last_day(account=account, at=NOON + timedelta(hours=25)) == []
    assert last_day(account=AccountFactory.create(), at=NOON + timedelta(hours=1)) == []
