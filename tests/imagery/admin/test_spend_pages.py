"""Budget, ledger, providers and prices: for managers of the account alone."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from accounts.roles import Role
from imagery.models import (
    Budget,
    CallState,
    MoneyEntry,
    PriceRow,
    ProviderCall,
    ProviderPause,
    ProviderState,
    WaitsFor,
)
from imagery.money import ledger, provider_health
from imagery.money.budgets import set_budget
from imagery.providers.protocol import CallOutcome, OutcomeClass
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import ImageJobFactory, PriceRowFactory, ProviderCallFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

BUDGET = "admin:imagery_budget_changelist"
LEDGER = "admin:imagery_moneyentry_changelist"
PROVIDERS = "admin:imagery_providerstate_changelist"
PRICES = "admin:imagery_pricerow_changelist"
NEW_PRICE = "admin:imagery_pricerow_add"


@pytest.fixture
def account():
    return AccountFactory(slug="shop", currency="INR")


def spent(account):
    """A call that cost 40,000 of 60,000 micro-units held."""
    set_budget(account=account, monthly_cap_micros=1_000_000)
    job = ImageJobFactory(account=account, sku="MUG-1")
    call = ProviderCallFactory(account=account, job=job)
    ledger.reserve(call=call, maximum_micros=60_000)
    delivered = CallOutcome(OutcomeClass.DELIVERED)
    ledger.settle(call=call, actual_micros=40_000, outcome=delivered)
    return call


@pytest.mark.parametrize("page", [BUDGET, LEDGER, PROVIDERS, PRICES, NEW_PRICE])
@pytest.mark.parametrize("who", EVERYBODY)
def test_money_is_for_managers(account, who, page):
    answer = client_as(who, account).get(reverse(page))
    expected = 200 if who in (Role.MANAGER, SUPERUSER) else 403
    assert answer.status_code == expected


def test_each_label_belongs_to_the_input_of_its_own_account(account):
    other = AccountFactory()
    page = client_as(SUPERUSER).get(reverse(BUDGET)).content.decode()
    for one in (account, other):
        for name in ("monthly_cap", "is_on"):
            assert page.count(f'id="id_{one.pk}_{name}"') == 1
        assert f'for="id_{one.pk}_monthly_cap"' in page


def test_a_cap_is_set_and_what_waited_for_money_is_due(account):
    waiting = ProviderCallFactory(account=account, waits_for=WaitsFor.BUDGET)
    client = client_as(Role.MANAGER, account)
    posted = {"account": account.pk, "monthly_cap": "12.5", "is_on": "on"}
    assert client.post(reverse(BUDGET), posted).status_code == 302
    assert Budget.objects.get().monthly_cap_micros == 12_500_000
    waiting.refresh_from_db()
    assert waiting.due_at <= clock.now()
    assert "12.50 INR" in client.get(reverse(BUDGET)).content.decode()


@pytest.mark.parametrize("cap", ["", "-1", "much", "1e30"])
def test_a_cap_that_is_none_is_refused(account, cap):
    client = client_as(Role.MANAGER, account)
    answer = client.post(reverse(BUDGET), {"account": account.pk, "monthly_cap": cap})
    assert answer.status_code == 422
    assert Budget.objects.count() == 0


def test_another_accounts_budget_is_not_set(account):
    other = AccountFactory()
    client = client_as(Role.MANAGER, account)
    for foreign, expected in ((other.pk, 404), ("x", 404)):
        posted = {"account": foreign, "monthly_cap": "5"}
        assert client.post(reverse(BUDGET), posted).status_code == expected
    reviewer = client_as(Role.REVIEWER, account)
    posted = {"account": account.pk, "monthly_cap": "5"}
    assert reviewer.post(reverse(BUDGET), posted).status_code == 403
    assert Budget.objects.count() == 0


def test_the_ledger_shows_each_movement_and_that_it_adds_up(account):
    spent(account)
    spent(AccountFactory(slug="other"))
    page = client_as(Role.MANAGER, account).get(reverse(LEDGER)).content.decode()
    for shown in ("0.06 INR", "0.04 INR", "0.02 INR", "MUG-1", "add up"):
        assert shown in page
    assert page.count("MUG-1") == 3
    MoneyEntry.objects.filter(kind="settle").update(amount_micros=1)
    page = client_as(Role.MANAGER, account).get(reverse(LEDGER)).content.decode()
    assert "do not add up" in page


def test_the_ledger_costs_the_same_queries_however_long(account, django_assert_max_num_queries):
    for _ in range(8):
        spent(account)
    client = client_as(Role.MANAGER, account)
    client.get(reverse(LEDGER))
    with django_assert_max_num_queries(22):
        client.get(reverse(LEDGER))


def test_a_provider_is_paused_paced_and_resumed(account):
    client = client_as(Role.MANAGER, account)
    address = reverse("admin:imagery_providerstate_set")
    named = {"account": account.pk, "provider": "studio"}
    client.post(address, {**named, "do": "pause"})
    assert ProviderState.objects.get().paused_at is not None
    assert "Paused" in client.get(reverse(PROVIDERS)).content.decode()
    client.post(address, {**named, "do": "resume"})
    client.post(address, {**named, "do": "pace", "per_minute": "30", "most_at_once": "2"})
    state = ProviderState.objects.get()
    assert (state.paused_at, state.per_minute, state.most_at_once) == (None, 30, 2)
    client.post(address, {**named, "do": "pace", "per_minute": "0", "most_at_once": "0"})
    state.refresh_from_db()
    assert (state.per_minute, state.most_at_once) == (30, 2)


def test_only_the_operator_resumes_for_everyone(account):
    provider_health.pause_for_everyone(provider="studio", reason="No key.", at=clock.now())
    address = reverse("admin:imagery_providerstate_set")
    body = {"account": account.pk, "provider": "studio", "do": "resume_for_everyone"}
    assert client_as(Role.MANAGER, account).post(address, body).status_code == 403
    assert ProviderPause.objects.count() == 1
    assert client_as(SUPERUSER).post(address, body).status_code == 302
    assert ProviderPause.objects.count() == 0


@pytest.mark.parametrize("who", [Role.REVIEWER, Role.MERCHANDISER, STRANGER])
def test_others_pause_nothing(account, who):
    address = reverse("admin:imagery_providerstate_set")
    body = {"account": account.pk, "provider": "studio", "do": "pause"}
    assert client_as(who, account).post(address, body).status_code in (403, 404)
    assert client_as(Role.MANAGER, AccountFactory()).post(address, body).status_code == 404
    assert ProviderState.objects.count() == 0


def price(account, **more):
    return {
        "account": account.pk,
        "provider": "pixelapi",
        "model": "",
        "operation": "upscale",
        "quality": "",
        "from_date": "2026-01-01",
        "unit": "credit",
        "unit_price": "0.002",
        "most_per_image": "50",
        "input_price": "",
        "most_input": "",
        "source": "Our contract",
        **more,
    }


def test_a_price_is_set_and_what_waited_for_it_is_due(account):
    waiting = ProviderCallFactory(
        account=account, provider="pixelapi", waits_for=WaitsFor.PRICE, state=CallState.PLANNED
    )
    client = client_as(Role.MANAGER, account)
    assert client.post(reverse(NEW_PRICE), price(account)).status_code == 302
    row = PriceRow.objects.get(account=account)
    assert (row.unit_micros, row.most_per_image, row.from_date) == (2_000, 50, date(2026, 1, 1))
    waiting.refresh_from_db()
    assert waiting.due_at <= clock.now()
    again = client.post(reverse(NEW_PRICE), price(account, unit_price="0.003"))
    assert again.status_code == 302
    assert PriceRow.objects.get(account=account).unit_micros == 3_000
    page = client.get(reverse(PRICES)).content.decode()
    assert "0.003 INR a credit" in page
    assert "Delivered" in page


def test_what_waits_for_a_coming_price_is_due_when_it_begins(account):
    waiting = ProviderCallFactory(account=account, provider="pixelapi", waits_for=WaitsFor.PRICE)
    client = client_as(Role.MANAGER, account)
    begins = clock.now().date() + timedelta(days=30)
    answer = client.post(reverse(NEW_PRICE), price(account, from_date=str(begins)), follow=True)
    assert f"is due on {date_format(begins, 'j M Y')}" in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.due_at.date() == begins


def test_a_price_at_which_something_was_bought_is_not_replaced(account):
    row = PriceRowFactory(
        account=account, provider="pixelapi", operation="upscale", from_date=date(2026, 1, 1)
    )
    ProviderCall.objects.filter(pk=ProviderCallFactory(account=account).pk).update(price=row)
    answer = client_as(Role.MANAGER, account).post(reverse(NEW_PRICE), price(account))
    assert answer.status_code == 422
    assert "begin a day later" in answer.content.decode()
    assert PriceRow.objects.get(account=account).unit_micros == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_price": ""},
        {"unit_price": "-1"},
        {"provider": "nobody"},
        {"source": ""},
        {"from_date": "someday"},
        {"most_per_image": "0"},
    ],
    ids=str,
)
def test_a_price_that_makes_no_sense_is_refused(account, wrong):
    answer = client_as(Role.MANAGER, account).post(reverse(NEW_PRICE), price(account, **wrong))
    assert answer.status_code == 422
    assert PriceRow.objects.filter(account=account).count() == 0


def test_a_paused_price_buys_again_and_another_accounts_does_not(account):
    mine, foreign = (
        PriceRowFactory(account=owner, paused_at=clock.now(), pause_reason="Too much.")
        for owner in (account, AccountFactory())
    )
    client = client_as(Role.MANAGER, account)
    body = {"action": "resume", "_selected_action": [mine.pk, foreign.pk]}
    client.post(reverse(PRICES), body)
    mine.refresh_from_db()
    foreign.refresh_from_db()
    assert (mine.paused_at, foreign.paused_at is None) == (None, False)
