"""The worklist of missing images: what is worth most first, why, and what to do next."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from imagery.models import JobState, QaStatus, SkuImagery
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import CategoryFactory, VariantFactory
from tests.factories.imagery import ImageJobFactory, SkuImageryFactory
from tests.factories.stock import StockLevelFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db

LIST = "admin:imagery_missingimage_changelist"


@pytest.fixture
def account():
    return AccountFactory.create(currency="USD")


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def missing(account, sku: str, *, price: str | None = None, stock: tuple[str, ...] = (), **fields):
    """A SKU without its hero; in the catalog if it has a price."""
    SkuImageryFactory.create(
        account=account,
        sku=sku,
        qa_status=QaStatus.MISSING_IMAGE,
        roles={"hero": QaStatus.MISSING_IMAGE, "cutout": QaStatus.APPROVED},
    )
    if price is None:
        return None
    variant = VariantFactory.create(account=account, sku=sku, price=Decimal(price), **fields)
    for quantity in stock:
        StockLevelFactory.create(account=account, variant=variant, quantity=Decimal(quantity))
    return variant


def listed(browser, **query) -> list[str]:
    return [row.sku for row in browser.get(reverse(LIST), query).context["cl"].result_list]


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_what_is_worth_most_comes_first(browser, account):
    missing(account, "DEAR", price="100", stock=("1",))
    missing(account, "MANY", price="2", stock=("60", "40"))
    missing(account, "GONE")
    missing(account, "NONE", price="900", stock=("-3",))
    SkuImageryFactory.create(account=account, sku="FINE", qa_status=QaStatus.APPROVED)

    assert listed(browser) == ["MANY", "DEAR", "NONE", "GONE"]
    text = text_of(browser.get(reverse(LIST)))
    assert "200.00 USD 100 Hero" in text
    assert "0.00 USD -3 Hero" in text
    assert "not in the catalog (any more) No price 0 Hero" in text


def test_each_says_why_and_leads_to_the_job_that_tried(browser, account):
    missing(account, "MUG-1", price="1")
    for message in ("Long ago.", "Refused by all."):
        job = ImageJobFactory.create(
            account=account,
            sku="MUG-1",
            state=JobState.MISSING_IMAGE,
            message=message,
            ended_at=clock.now(),
            run_after=None,
        )
    ImageJobFactory.create(account=account, sku="MUG-1")

    page = browser.get(reverse(LIST))

    assert "Refused by all. See what was tried" in text_of(page)
    assert reverse("admin:imagery_imagejob_change", args=[job.pk]) in page.content.decode()


def test_it_is_narrowed_to_a_category_with_all_below_it(browser, account):
    fans = CategoryFactory.create(account=account, path="Home/Fans")
    home = CategoryFactory.create(account=account, path="Home")
    missing(account, "FAN", price="1", product__category=fans)
    missing(account, "MUG", price="1")

    assert listed(browser, category=home.pk) == ["FAN"]
    assert listed(browser, category="x") == []
    assert listed(browser, category=CategoryFactory.create().pk) == []


def test_the_chosen_are_asked_for_again(browser, account):
    variant = missing(account, "MUG-1", price="1")
    missing(account, "GONE")
    rows = list(SkuImagery.objects.values_list("pk", flat=True))

    page = browser.post(reverse(LIST), {"action": "generate_again", "_selected_action": rows})

    assert list(page.context["chosen"].variants) == [variant]


def test_a_reviewer_only_looks(account):
    missing(account, "MUG-1", price="1")
    page = client_as(Role.REVIEWER, account).get(reverse(LIST))

    assert "MUG-1" in text_of(page)
    assert "generate_again" not in page.content.decode()


def test_nothing_of_another_account_is_listed(browser):
    theirs = AccountFactory.create()
    missing(theirs, "THEIRS", price="1")

    assert listed(browser) == []


def test_the_list_costs_the_same_with_one_line_and_with_many(browser, account):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse(LIST))
        return len(captured)

    missing(account, "A", price="1", stock=("1",))
    queries()
    few = queries()
    for number in range(6):
        missing(account, f"B-{number}", price="1", stock=("1",))

    assert queries() == few
