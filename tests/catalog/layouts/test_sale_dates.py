"""A sale price is the price between its dates, and at no other time."""

from datetime import UTC, datetime

import pytest

from catalog.layouts.file_columns import FileColumns
from catalog.layouts.sale_dates import is_on
from jobs import clock
from tests.catalog.importing.stored import details
from tests.catalog.layouts.files import assert_batches_do_not_matter, import_table
from tests.catalog.layouts.test_attribute_systems import BAGISTO, GREEN, MAGENTO, SMALL
from tests.catalog.layouts.test_feeds import GOOGLE, SHIRT
from tests.catalog.layouts.test_woocommerce import CAP, HEADER
from tests.factories.accounts import AccountFactory
from tests.imports import counts, issues

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
STARTS, ENDS = "Date sale price starts", "Date sale price ends"
SALE_CAP = {**CAP, "Published": "1", "Regular price": "50", "Sale price": "40"}
PLAIN = {**SMALL, "price": "50", "special_price": "40", "base_image": ""}
ALONE = {**GREEN, "parent_sku": "", "price": "50", "special_price": "40"}
ITEM = {**SHIRT, "price": "50 USD", "sale_price": "40 USD"}


@pytest.fixture
def account(db):
    return AccountFactory.create(currency="USD")


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch, request):
    if "account" in request.fixturenames:
        monkeypatch.setattr("catalog.importing.processor.clock.now", lambda: NOON)


def prices(account, sku):
    found = details(account, sku)
    return tuple(str(found[name]) for name in ("price", "list_price"))


ON_SALE, REGULAR = ("40.0000", "50.0000"), ("50.0000", "None")


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("", "", True),
        ("2026-03-04", "", True),
        ("2026-03-05", "", False),
        ("", "2026-03-04", True),
        ("", "2026-03-03 23:59:59", False),
        ("2019-01-01 0:00:00", "2019-01-31 0:00:00", False),
        ("2019-01-01T00:00:00", "9999-12-31", True),
        ("0000-00-00 00:00:00", "0000-00-00", True),
        ("2026-03-04T11:59+0000", "2026-03-04T12:01Z", True),
        ("2026-03-04T13:00+0100", "2026-03-04T04:00-0800", True),
        ("2026-03-04T13:01+0100", "", False),
        ("", "2026-03-04T03:59-0800", False),
        ("0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", True),
        ("2026/03/01", "31.03.2026", True),
        ("9/5/19", "9/30/2019, 12:00 AM", False),
        ("2/5/26", "", None),
        ("4/3/26", "", None),
        ("2/1/26", "3/1/27", True),
        ("3/4/26", "2019-01-01", False),
        ("soon", "", None),
        ("soon", "2019-01-01", False),
        ("", "2026-02-30", None),
        ("43500", "", None),
    ],
)
def test_a_sale_is_on_from_its_first_day_to_its_last(starts, ends, expected):
    assert is_on(starts, ends, now=NOON) is expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("", "", ON_SALE),
        ("2026-03-01", "2026-03-04", ON_SALE),
        ("2019-01-01", "2019-01-31", REGULAR),
        ("2999-01-01", "", REGULAR),
    ],
)
def test_the_regular_price_stands_before_and_after_a_sale(account, starts, ends, expected):
    import_table(account, {**SALE_CAP, STARTS: starts, ENDS: ends}, header=HEADER)
    days = {"special_price_from_date": starts, "special_price_to_date": ends}
    import_table(account, {**PLAIN, **days}, header=MAGENTO)
    days = {"special_price_from": starts, "special_price_to": ends}
    import_table(account, {**ALONE, **days}, header=BAGISTO)
    days = {"sale_price_effective_date": f"{starts}/{ends}"}
    import_table(account, {**ITEM, **days}, header=GOOGLE)

    skus = ("cap", PLAIN["sku"], ALONE["sku"], ITEM["id"])
    assert {sku: prices(account, sku) for sku in skus} == dict.fromkeys(skus, expected)


def test_dates_that_cannot_be_told_are_a_warning_and_the_regular_price(account):
    upload = import_table(account, {**SALE_CAP, ENDS: "summer"}, header=HEADER)
    feed = import_table(account, {**ITEM, "sale_price_effective_date": "summer"}, header=GOOGLE)

    assert (counts(upload), counts(feed)) == ({"created": 1}, {"created": 1})
    assert issues(upload)[-1] == (2, ENDS, " / summer", "unclear_sale_dates")
    assert issues(feed)[-1] == (2, "sale_price_effective_date", "summer", "unclear_sale_dates")
    assert prices(account, "cap") == prices(account, ITEM["id"]) == REGULAR


def test_dates_without_a_sale_price_say_nothing(account):
    upload = import_table(account, {**SALE_CAP, "Sale price": "", ENDS: "summer"}, header=HEADER)

    assert "unclear_sale_dates" not in [code for *_, code in issues(upload)]
    assert prices(account, "cap") == REGULAR


def test_the_same_file_after_its_sale_gives_the_regular_price(account, monkeypatch):
    row = {**SALE_CAP, ENDS: "2026-03-04"}
    import_table(account, row, header=HEADER)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 5, tzinfo=UTC))

    again = import_table(account, row, header=HEADER)

    assert counts(again) == {"updated": 1}
    assert str(details(account, "cap")["price"]) == "50.0000"


@pytest.mark.django_db
def test_batches_do_not_matter():
    ends = ("2019-01-01", "2999-01-01", "summer")
    rows = [{**SALE_CAP, "SKU": f"c-{n}", ENDS: ends[n % 3]} for n in range(9)]

    assert_batches_do_not_matter(*rows, header=HEADER)


def test_a_column_without_a_name_is_nobodys():
    columns = FileColumns(["sku", ""])

    assert columns.cell("")(["A", "B"]) == ""
