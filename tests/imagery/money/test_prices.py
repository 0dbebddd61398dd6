"""What a call costs follows from the row that says most about it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from imagery.errors import CallMustWait
from imagery.models import PriceRow, PriceUnit
from imagery.money.delivered_prices import write_delivered_prices
from imagery.money.estimates import Estimate, PlannedStep, Rung, estimate
from imagery.money.prices import Asked, PriceList, actual_micros, most_micros
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import PriceRowFactory

pytestmark = pytest.mark.django_db
TODAY = date(2030, 5, 10)
ASKED = Asked("painter", "oil-1", "generate", "high")


def found(account, on=TODAY, asked=ASKED):
    return PriceList.of(account=account, on=on).find(asked)


def test_the_row_that_says_most_holds_and_of_equals_the_newest(db):
    account = AccountFactory.create()
    PriceRowFactory.create(provider="painter", model="oil-1", unit_micros=1)
    anything = PriceRowFactory.create(account=account)
    old, new, future = (
        PriceRowFactory.create(account=account, model="oil-1", from_date=date(year, 5, 10))
        for year in (2028, 2030, 2031)
    )

    assert found(account) == new
    assert found(account, on=date(2030, 5, 9)) == old
    assert found(account, on=date(2031, 5, 10)) == future
    assert found(account, asked=Asked("painter", "oil-2", "generate")) == anything


def test_a_row_of_the_account_comes_before_a_delivered_one(db):
    account = AccountFactory.create()
    own = PriceRowFactory.create(
        account=account, provider="pixelapi", unit=PriceUnit.CREDIT, most_per_image=50
    )

    assert found(account, asked=Asked("pixelapi", "", "upscale")) == own
    with pytest.raises(CallMustWait, match="set one before it is used") as refusal:
        found(AccountFactory.create(), asked=Asked("pixelapi", "", "upscale"))
    assert refusal.value.reason == "price_missing"


def test_a_paused_row_buys_nothing(db):
    row = PriceRowFactory.create(paused_at=timezone.now(), pause_reason="It cost more")

    with pytest.raises(CallMustWait, match="It cost more") as refusal:
        found(row.account)
    assert refusal.value.reason == "price_paused"


TOKENS = {
    "unit": PriceUnit.TOKENS,
    "unit_micros": 40_000,
    "most_per_image": 4_160,
    "input_micros": 10_000,
    "most_input": 1_001,
}


@pytest.mark.parametrize(
    ("fields", "most", "usage", "actual"),
    [
        ({}, 30, {}, 20),
        ({"unit": PriceUnit.CREDIT, "most_per_image": 50}, 1500, {}, 1000),
        ({"unit": PriceUnit.CREDIT, "most_per_image": 50}, 1500, {"credits": 120}, 1200),
        (TOKENS, 509_210, {"input_tokens": 11, "output_tokens": 2_001}, 80_150),
        (TOKENS, 509_210, {"output_tokens": 2_001}, 509_210),
        (TOKENS, 509_210, {"input_tokens": -1, "output_tokens": 10**30}, 509_210),
    ],
    ids=["images", "credits", "credits-told", "tokens", "tokens-not-told", "tokens-nonsense"],
)
def test_the_most_is_reckoned_before_and_the_cost_after(fields, most, usage, actual):
    row = PriceRowFactory.build(account=None, **fields)

    assert most_micros(row, images=3) == most
    assert actual_micros(row, images=2, asked=3, usage=usage) == actual


def test_delivered_rows_are_there_once_and_say_where_they_are_from(db):
    write_delivered_prices()

    rows = PriceRow.objects.filter(account=None).order_by("provider", "operation")
    assert [(row.provider, row.operation, row.unit_micros, row.most_per_image) for row in rows] == [
        ("pixelapi", "remove_background", None, 10),
        ("pixelapi", "replace_background", None, 10),
        ("pixelapi", "upscale", None, 50),
        ("studio", "", 0, 1),
    ]
    assert all(row.source for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [{"unit_micros": -1}, {"input_micros": -1}, {"unit": "hour"}, {"operation": "paint"}],
    ids=lambda wrong: "-".join(wrong),
)
def test_the_database_refuses_prices_that_are_none(db, wrong):
    row = PriceRowFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        PriceRow.objects.filter(pk=row.pk).update(**wrong)


def test_an_estimate_goes_from_the_cheapest_rung_to_every_rung_twice(db, django_assert_num_queries):
    account = AccountFactory.create()
    PriceRowFactory.create(account=account, unit_micros=10)
    PriceRowFactory.create(account=account, provider="sketcher", unit_micros=3)
    sketcher = Asked("sketcher", "", "generate")
    unknown = Asked("creativeai", "", "generate")
    ladder = [Rung(unknown), Rung(ASKED, most_images=4), Rung(sketcher)]
    steps = [PlannedStep(images=5, ladder=ladder, times=100), PlannedStep(images=1, ladder=[])]

    with django_assert_num_queries(1):
        result = estimate(account=account, steps=steps, on=TODAY)

    assert result == Estimate(minimum=1500, expected=5000, maximum=13_000, unpriced=(unknown,))
