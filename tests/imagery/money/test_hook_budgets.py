"""A webhook's pictures keep to its own cap, within its account's budget."""

from datetime import UTC, datetime

import pytest

from imagery.errors import CallMustWait
from imagery.models import BudgetMonth, HookMonth, MoneyEntry
from imagery.money import ledger
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget
from imagery.money.hook_budgets import set_hook_cap, this_month
from jobs import clock
from tests.factories.imagery import HookEndpointFactory, ImageJobFactory, ProviderCallFactory
from tests.imagery.money.outcomes import UNKNOWN, delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint(account):
    return HookEndpointFactory.create(account=account, monthly_cap_micros=50)


def call_of(endpoint):
    job = ImageJobFactory.create(account=endpoint.account, hook=endpoint, trigger="hook")
    return ProviderCallFactory.create(account=endpoint.account, job=job)


def test_money_is_held_against_the_webhook_and_the_month(account, endpoint):
    held = ledger.reserve(call=call_of(endpoint), maximum_micros=40)

    month = HookMonth.objects.get()
    assert held.hook_month == month
    assert (month.endpoint, month.cap_micros, month.reserved_micros) == (endpoint, 50, 40)
    assert BudgetMonth.objects.get(account=account).reserved_micros == 40

    ledger.settle(call=held, actual_micros=30, outcome=delivered())

    month.refresh_from_db()
    assert (month.reserved_micros, month.settled_micros, month.free_micros) == (0, 30, 20)
    assert imbalances(account=account) == ()


def test_what_does_not_fit_under_the_webhooks_cap_waits_with_nothing_held(account, endpoint):
    ledger.reserve(call=call_of(endpoint), maximum_micros=40)

    with pytest.raises(CallMustWait, match="of the webhook is used up") as refusal:
        ledger.reserve(call=call_of(endpoint), maximum_micros=11)

    assert refusal.value.reason == "hook_budget"
    assert (refusal.value.until - clock.now()).total_seconds() == pytest.approx(60, abs=2)
    assert BudgetMonth.objects.get(account=account).reserved_micros == 40
    assert MoneyEntry.objects.count() == 1


def test_a_used_up_webhook_waits_for_the_next_month(account, endpoint, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 24, 18, tzinfo=UTC))
    set_budget(account=account, monthly_cap_micros=100)
    first = ledger.reserve(call=call_of(endpoint), maximum_micros=50)
    ledger.mark_at_risk(call=first, outcome=UNKNOWN)

    with pytest.raises(CallMustWait) as refusal:
        ledger.reserve(call=call_of(endpoint), maximum_micros=1)

    assert refusal.value.until == datetime(2027, 1, 1, tzinfo=UTC)


def test_other_calls_of_the_account_do_not_count_against_the_webhook(account, endpoint):
    ledger.reserve(call=ProviderCallFactory.create(account=account), maximum_micros=60)
    other = HookEndpointFactory.create(account=account)
    ledger.reserve(call=call_of(other), maximum_micros=30)

    assert this_month(endpoint=endpoint).used_micros == 0


def test_a_raised_cap_makes_what_waits_for_it_due(endpoint):
    waiting, other = call_of(endpoint), call_of(HookEndpointFactory(account=endpoint.account))
    for call in (waiting, other):
        call.waits_for = "hook_budget"
        call.save()
    this_month(endpoint=endpoint)

    set_hook_cap(endpoint=endpoint, monthly_cap_micros=80)

    for call in (waiting, other):
        call.refresh_from_db()
    assert waiting.due_at is not None
    assert other.due_at is None
    assert this_month(endpoint=endpoint).cap_micros == 80
