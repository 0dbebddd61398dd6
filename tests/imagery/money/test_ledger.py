"""Money is held before a call, and settled, released or kept at risk after it: once."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from imagery.errors import CallHasEnded, CallMustWait
from imagery.models import BudgetMonth, MoneyEntry, PriceRow, ProviderCall, UploadBudget
from imagery.money import ledger
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget, set_upload_cap
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import PriceRowFactory, ProviderCallFactory
from tests.imagery.money.outcomes import REFUSED, UNKNOWN, delivered

pytestmark = pytest.mark.django_db


def purse_of(account):
    month = BudgetMonth.objects.get(account=account)
    return month.reserved_micros, month.settled_micros, month.at_risk_micros


def entries_of(account):
    rows = MoneyEntry.objects.filter(account=account).order_by("id")
    return list(rows.values_list("kind", "amount_micros"))


@pytest.fixture
def held(account):
    return ledger.reserve(call=ProviderCallFactory.create(account=account), maximum_micros=40)


def test_a_reserve_is_held_against_the_month(account, held):
    assert held.reserved_micros == held.open_micros == 40
    assert purse_of(account) == (40, 0, 0)
    assert entries_of(account) == [("reserve", 40)]


def test_a_call_that_cost_less_gives_back_the_rest(account, held):
    ended = ledger.settle(call=held, actual_micros=30, outcome=delivered())

    assert (ended.state, ended.outcome) == ("ended", "delivered")
    assert (ended.settled_micros, ended.released_micros, ended.open_micros) == (30, 10, 0)
    assert purse_of(account) == (0, 30, 0)
    assert entries_of(account) == [("reserve", 40), ("settle", 30), ("release", 10)]
    assert imbalances(account=account) == ()


def test_a_refused_call_gives_back_all(account, held):
    ended = ledger.release(call=held, outcome=REFUSED)

    assert (ended.http_status, ended.error_code) == (422, "bad_prompt")
    assert purse_of(account) == (0, 0, 0)
    assert entries_of(account) == [("reserve", 40), ("release", 40)]


def test_more_than_was_held_is_settled_and_pauses_the_price(account):
    price = PriceRowFactory.create(account=account)
    call = ProviderCallFactory.create(account=account, price=price)
    held = ledger.reserve(call=call, maximum_micros=40)

    ended = ledger.settle(call=held, actual_micros=130, outcome=delivered())

    assert ended.overran is True
    assert purse_of(account) == (0, 130, 0)
    assert entries_of(account) == [("reserve", 40), ("correction", 90), ("settle", 130)]
    assert imbalances(account=account) == ()
    price.refresh_from_db()
    assert price.paused_at is not None
    assert price.pause_reason == (
        f"Call {ended.pk} cost 130 micro-units, more than was reserved at this price."
    )


def test_the_price_of_all_accounts_is_not_paused_by_one(account):
    price = PriceRow.objects.get(account=None, provider="studio")
    call = ProviderCallFactory.create(account=account, price=price)
    held = ledger.reserve(call=call, maximum_micros=0)

    ledger.settle(call=held, actual_micros=1, outcome=delivered())

    price.refresh_from_db()
    assert price.paused_at is None


def test_an_unknown_outcome_keeps_the_money_at_risk_until_it_is_resolved(account, held):
    risked = ledger.mark_at_risk(call=held, outcome=UNKNOWN)
    assert (risked.outcome, risked.at_risk_micros) == ("unknown", 40)
    assert purse_of(account) == (0, 0, 40)

    resolved = ledger.resolve(call=risked, actual_micros=15)

    assert resolved.resolved_at is not None
    assert (resolved.outcome, resolved.settled_micros, resolved.released_micros) == (
        "unknown",
        15,
        25,
    )
    assert purse_of(account) == (0, 15, 0)
    assert entries_of(account) == [
        ("reserve", 40),
        ("at_risk", 40),
        ("at_risk", -40),
        ("settle", 15),
        ("release", 25),
    ]
    assert imbalances(account=account) == ()


def test_money_of_a_call_is_dealt_with_once(account, held):
    ledger.settle(call=held, actual_micros=30, outcome=delivered())

    for again in (
        lambda: ledger.settle(call=held, actual_micros=30, outcome=delivered()),
        lambda: ledger.release(call=held, outcome=REFUSED),
        lambda: ledger.mark_at_risk(call=held, outcome=UNKNOWN),
        lambda: ledger.resolve(call=held, actual_micros=1),
        lambda: ledger.reserve(call=held, maximum_micros=1),
    ):
        with pytest.raises(CallHasEnded):
            again()

    assert purse_of(account) == (0, 30, 0)
    assert MoneyEntry.objects.count() == 3


def test_what_does_not_fit_under_the_cap_is_refused(account, held):
    call = ProviderCallFactory.create(account=account)

    with pytest.raises(CallMustWait, match="is used up") as refusal:
        ledger.reserve(call=call, maximum_micros=61)

    assert refusal.value.reason == "budget"
    assert purse_of(account) == (40, 0, 0)
    assert entries_of(account) == [("reserve", 40)]
    assert ledger.reserve(call=call, maximum_micros=60).open_micros == 60


@pytest.mark.parametrize("is_off", [True, False], ids=["switched-off", "never-set"])
def test_without_a_budget_only_what_is_free_fits(db, is_off):
    account = AccountFactory.create()
    if is_off:
        set_budget(account=account, monthly_cap_micros=100, is_on=False)

    with pytest.raises(CallMustWait):
        ledger.reserve(call=ProviderCallFactory.create(account=account), maximum_micros=1)

    free = ledger.reserve(call=ProviderCallFactory.create(account=account), maximum_micros=0)
    assert free.open_micros == 0


def test_an_upload_has_a_cap_of_its_own(account):
    upload = BulkUploadFactory.create(account=account)
    set_upload_cap(upload=upload, cap_micros=50)
    first, second = ProviderCallFactory.create_batch(2, account=account, upload=upload)
    ledger.reserve(call=first, maximum_micros=30)

    with pytest.raises(CallMustWait) as refusal:
        ledger.reserve(call=second, maximum_micros=30)

    assert refusal.value.reason == "upload_budget"
    assert purse_of(account) == (30, 0, 0)
    ledger.settle(call=first, actual_micros=20, outcome=delivered())
    purse = UploadBudget.objects.get(upload=upload)
    assert (purse.reserved_micros, purse.settled_micros, purse.free_micros) == (0, 20, 30)
    assert imbalances(account=account) == ()


def test_a_call_stays_with_the_month_it_was_reserved_in(account, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 1, 31, 23, 59, tzinfo=UTC))
    held = ledger.reserve(call=ProviderCallFactory.create(account=account), maximum_micros=90)
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 2, 1, 0, 1, tzinfo=UTC))
    later = ledger.reserve(call=ProviderCallFactory.create(account=account), maximum_micros=95)

    ledger.settle(call=held, actual_micros=80, outcome=delivered())

    months = BudgetMonth.objects.filter(account=account, month__year=2031).order_by("month")
    assert [
        (str(month), month.reserved_micros, month.settled_micros, month.cap_micros)
        for month in months
    ] == [("January 2031", 0, 80, 100), ("February 2031", 95, 0, 100)]
    assert later.month == months[1]
    assert imbalances(account=account) == ()


def test_an_account_goes_with_its_books(account, held):
    account.delete()

    assert not ProviderCall.objects.exists()
    assert not MoneyEntry.objects.exists()


def test_an_upload_goes_without_its_calls(account):
    upload = BulkUploadFactory.create(account=account)
    set_upload_cap(upload=upload, cap_micros=50)
    call = ProviderCallFactory.create(account=account, upload=upload)
    held = ledger.reserve(call=call, maximum_micros=30)

    upload.delete()

    ended = ledger.settle(call=held, actual_micros=20, outcome=delivered())
    assert (ended.upload, ended.upload_budget, purse_of(account)) == (None, None, (0, 20, 0))


def test_books_that_do_not_add_up_are_told_of(account, held):
    BudgetMonth.objects.update(reserved_micros=39)

    (wrong,) = imbalances(account=account)

    assert (wrong.what, wrong.expected, wrong.found) == ("reserved", 40, 39)


@pytest.mark.parametrize(
    "wrong",
    [
        {"settled_micros": 41},
        {"released_micros": -1},
        {"state": "ended", "outcome": "delivered"},
        {"state": "ended", "settled_micros": 40},
        {"month": None},
        {"images": 0},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_the_database_refuses_calls_that_do_not_add_up(held, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProviderCall.objects.filter(pk=held.pk).update(**wrong)
