"""A call goes out with its money and its slot, or waits and says what for."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from imagery.errors import CallHasEnded, CallMustWait
from imagery.models import BudgetMonth, MoneyEntry, ProviderPause, ProviderState
from imagery.money import calls, provider_health
from imagery.money.budgets import set_budget
from imagery.money.slots import slots_taken, state_of
from jobs import clock
from notices.models import Notice
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.imagery import PriceRowFactory, ProviderCallFactory
from tests.imagery.money.outcomes import (
    NOT_SENT,
    REFUSED,
    SHORT,
    UNKNOWN,
    delivered,
    too_much,
    wrong_key,
)

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=5)
NOON = datetime(2030, 5, 10, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    """Sets the clock; it begins at noon."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(NOON)
    return set_to


@pytest.fixture
def account(at, db):
    account = AccountFactory.create()
    set_budget(account=account, monthly_cap_micros=100)
    PriceRowFactory.create(account=account)
    return account


def begin(account, **fields):
    return calls.begin(call=ProviderCallFactory.create(account=account, **fields), lease=LEASE)


def refusal(account, **fields):
    """Why a new call has to wait, until when; and that nothing else happened."""
    call = ProviderCallFactory.create(account=account, **fields)
    entries = MoneyEntry.objects.count()
    with pytest.raises(CallMustWait) as raised:
        calls.begin(call=call, lease=LEASE)
    call.refresh_from_db()
    assert (call.state, call.month, call.reserved_micros, call.slot_until) == (
        "planned",
        None,
        0,
        None,
    )
    assert (call.waits_for, call.due_at) == (raised.value.reason, raised.value.until)
    assert MoneyEntry.objects.count() == entries
    return call.waits_for, call.due_at


def used(account):
    month = BudgetMonth.objects.get(account=account)
    return month.reserved_micros, month.settled_micros, month.at_risk_micros


def test_a_call_goes_out_with_the_most_it_may_cost(account):
    call = begin(account, images=4)

    assert (call.state, call.reserved_micros, call.sending_at) == ("sending", 40, NOON)
    assert call.slot_until == NOON + LEASE
    assert used(account) == (40, 0, 0)
    with pytest.raises(CallHasEnded):
        calls.begin(call=call, lease=LEASE)
    assert used(account) == (40, 0, 0)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (delivered(4), (0, 40, 0)),
        (SHORT, (0, 0, 0)),
        (REFUSED, (0, 0, 0)),
        (NOT_SENT, (0, 0, 0)),
        (too_much(), (0, 0, 0)),
        (UNKNOWN, (0, 0, 40)),
    ],
    ids=["delivered", "short", "refused", "not-sent", "too-much", "unknown"],
)
def test_each_end_of_a_call_has_its_own_way_with_money(account, outcome, expected):
    call = calls.end(call=begin(account, images=4), outcome=outcome)

    assert (call.state, call.outcome) == ("ended", outcome.outcome.value)
    assert used(account) == expected
    assert slots_taken(provider="painter", account=account, at=NOON) == 0


def test_a_late_answer_is_settled(account):
    call = calls.end(call=begin(account, images=4), outcome=UNKNOWN)

    late = calls.end(call=call, outcome=delivered(3))

    assert (late.outcome, late.settled_micros, late.at_risk_micros) == ("delivered", 30, 0)
    assert used(account) == (0, 30, 0)
    with pytest.raises(CallHasEnded):
        calls.end(call=call, outcome=delivered(3))


def test_only_so_many_calls_are_out_and_the_slot_of_a_lost_worker_returns(account, at):
    for _ in range(4):
        begin(account)
    assert refusal(account) == ("concurrency", NOON + timedelta(seconds=1))

    at(NOON + LEASE)

    assert begin(account).state == "sending"


def test_only_so_many_calls_begin_in_a_minute(account, at):
    state_of(provider="painter", account=account)
    ProviderState.objects.update(per_minute=2)
    for _ in range(2):
        begin(account)
    assert refusal(account) == ("rate", NOON + timedelta(minutes=1))

    at(NOON + timedelta(minutes=1))

    assert begin(account).state == "sending"


@pytest.mark.parametrize(
    ("asked", "rest"),
    [(timedelta(seconds=30), 30), (None, 2), (timedelta(days=9), 86_400)],
    ids=["as-told", "not-told", "told-too-long"],
)
def test_a_provider_that_asks_to_wait_is_left_alone(account, at, asked, rest):
    calls.end(call=begin(account), outcome=too_much(asked))

    assert refusal(account) == ("cool_down", NOON + timedelta(seconds=rest))
    at(NOON + timedelta(seconds=rest))
    assert begin(account).state == "sending"


def test_cool_downs_double_and_calls_at_once_halve_until_a_call_goes_well(account):
    sent = [begin(account) for _ in range(4)]
    for call in sent[:3]:
        calls.end(call=call, outcome=too_much())
    state = state_of(provider="painter", account=account)
    assert (state.cool_down_until, state.at_once_now) == (NOON + timedelta(seconds=8), 1)

    calls.end(call=sent[3], outcome=delivered())

    state.refresh_from_db()
    assert (state.at_once_now, state.refusals_in_a_row) == (2, 0)


def test_a_wrong_key_pauses_the_provider_for_everyone_and_is_told_once(account):
    operator = UserFactory.create(is_superuser=True)
    other = AccountFactory.create()
    PriceRowFactory.create(account=other)
    set_budget(account=other, monthly_cap_micros=100)
    sent = [begin(account) for _ in range(2)]

    for call in sent:
        calls.end(call=call, outcome=wrong_key())

    assert ProviderPause.objects.get().reason == "HTTP 401: No such key"
    assert refusal(account) == refusal(other) == ("provider_paused", None)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.title) == (operator, "painter is paused")

    provider_health.resume_for_everyone(provider="painter")

    assert account.provider_calls.get(state="planned").due_at == NOON
    assert begin(other).state == "sending"


def test_an_account_pauses_a_provider_for_itself_alone(account):
    other = AccountFactory.create()
    PriceRowFactory.create(account=other)
    set_budget(account=other, monthly_cap_micros=100)
    provider_health.pause(provider="painter", account=account, reason="We are testing")

    assert refusal(account) == ("provider_paused", None)
    assert begin(other).state == "sending"

    provider_health.resume(provider="painter", account=account)
    assert begin(account).state == "sending"


def test_what_has_no_price_is_not_bought(account):
    assert refusal(account, provider="creativeai") == ("price_missing", None)
    assert refusal(account, provider="pixelapi", operation="upscale") == ("price_missing", None)


def test_the_studio_is_free_without_any_budget(at, db):
    call = begin(AccountFactory.create(), provider="studio", operation="remove_background")

    assert calls.end(call=call, outcome=delivered()).settled_micros == 0


def test_what_waits_for_money_is_due_when_the_cap_is_raised(account):
    calls.end(call=begin(account, images=10), outcome=delivered(10))
    assert refusal(account) == ("budget", datetime(2030, 6, 1, tzinfo=UTC))

    set_budget(account=account, monthly_cap_micros=110)

    waiting = account.provider_calls.get(state="planned")
    assert waiting.due_at == NOON
    assert calls.begin(call=waiting, lease=LEASE).waits_for == ""


def test_what_waits_for_money_is_tried_soon_while_some_may_come_back(account, at):
    begun = begin(account, images=10)
    assert refusal(account) == ("budget", NOON + timedelta(minutes=1))

    calls.end(call=begun, outcome=NOT_SENT)

    assert calls.begin(call=account.provider_calls.get(state="planned"), lease=LEASE).month


def test_what_waits_for_money_is_due_in_the_next_month(account, at):
    at(datetime(2030, 12, 31, 23, tzinfo=UTC))
    calls.end(call=begin(account, images=10), outcome=delivered(10))
    january = datetime(2031, 1, 1, tzinfo=UTC)
    assert refusal(account) == ("budget", january)

    at(january)

    call = calls.begin(call=account.provider_calls.get(state="planned"), lease=LEASE)
    assert str(call.month) == "January 2031"


def test_managers_are_told_once_of_each_threshold(account):
    manager = MembershipFactory.create(account=account).user
    MembershipFactory.create(account=account, role="merchandiser")
    ProviderState.objects.create(provider="painter", account=account, most_at_once=9, at_once_now=9)
    for images in (4, 1, 1, 2, 1):
        begin(account, images=images)
    assert [notice.title for notice in Notice.objects.order_by("id")] == [
        "50 % of the picture budget of May 2030 is used",
        "80 % of the picture budget of May 2030 is used",
    ]

    refusal(account, images=2)
    refusal(account, images=2)

    assert User.objects.get(notices__title__contains="used up") == manager
    assert Notice.objects.count() == 3


def written(act):
    """The tables that are written to, transaction by transaction, in order."""
    found, is_open = [], False
    with CaptureQueriesContext(connection) as said:
        act()
    for query in said.captured_queries:
        if query["sql"].startswith("BEGIN"):
            found.append([])
            is_open = True
        elif query["sql"].startswith("COMMIT"):
            is_open = False
        elif table := re.match(r'UPDATE "imagery_(\w+)"', query["sql"]):
            found[-1].append(table[1]) if is_open else found.append([table[1]])
    return [tables for tables in found if tables]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outcome", [delivered(), too_much()], ids=["delivered", "too-much"])
def test_rows_are_locked_in_one_order_as_calls_begin_and_end(account, outcome):
    """Two that lock them in different orders would wait for one another."""
    calls.end(call=begin(account), outcome=delivered())
    call = ProviderCallFactory.create(account=account)

    (begins,) = written(lambda: calls.begin(call=call, lease=LEASE))
    (ends,) = written(lambda: calls.end(call=call, outcome=outcome))

    for tables in (begins, ends):
        places = [tables.index(table) for table in ("providerstate", "budgetmonth")]
        assert places == sorted(places)
        assert "providerstate" not in tables[tables.index("budgetmonth") :]


def test_second_answer_teaches_nothing(account):
    call = calls.end(call=begin(account), outcome=delivered())

    with pytest.raises(CallHasEnded):
        calls.end(call=call, outcome=wrong_key())

    assert ProviderPause.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda account: set_budget(account=account, monthly_cap_micros=200),
        lambda account: provider_health.resume(provider="painter", account=account),
    ],
    ids=["cap raised", "provider resumed"],
)
def test_calls_are_woken_behind_the_change_that_wakes_them(account, change):
    """Who begins a call has locked it before the money and the provider."""
    calls.end(call=begin(account), outcome=delivered())

    transactions = written(lambda: change(account))

    assert transactions[-1] == ["providercall"]
    assert all("providercall" not in tables for tables in transactions[:-1])
    assert len(transactions) > 1
