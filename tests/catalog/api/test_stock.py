"""GET /variants/{sku}/stock: levels by location, and their total."""

from decimal import Decimal
from urllib.parse import quote

import pytest

from accounts.scopes import Scope
from tests.api_client import failure, program
from tests.factories.catalog import WRITTEN, VariantFactory
from tests.factories.stock import LocationFactory, StockLevelFactory


def path(sku: str) -> str:
    return f"/variants/{quote(sku, safe='')}/stock"


def stocked(account, sku: str, **quantities: str):
    variant = VariantFactory.create(account=account, sku=sku)
    for name, quantity in quantities.items():
        location = LocationFactory.create(account=account, name=name)
        StockLevelFactory.create(variant=variant, location=location, quantity=Decimal(quantity))
    return variant


def test_levels_come_by_location_the_default_one_first(caller):
    LocationFactory.create(account=caller.account, name="Pune", is_default=True)
    stocked(caller.account, "FAN-1", Delhi="12.5000", Pune="-3")

    moment = WRITTEN.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert caller.data(path("FAN-1")) == {
        "sku": "FAN-1",
        "total": "9.5",
        "levels": [
            {"location": "Pune", "is_default": True, "quantity": "-3", "updated_at": moment},
            {"location": "Delhi", "is_default": False, "quantity": "12.5", "updated_at": moment},
        ],
    }


def test_a_variant_that_is_not_stocked_has_no_levels(caller):
    VariantFactory.create(account=caller.account, sku="FAN-1")

    assert caller.data(path("FAN-1")) == {"sku": "FAN-1", "total": "0", "levels": []}


@pytest.mark.parametrize("sku", ["A/B", "/A", "A/", "50%", "%2F", "A?b=c", "A#1", "A B", "stock"])
def test_sku_survives_the_path_and_the_query(caller, sku):
    stocked(caller.account, sku, Delhi="1")

    assert caller.data(path(sku))["sku"] == sku
    assert caller.data("/stock", sku=sku)["total"] == "1"


def test_a_variant_whose_sku_ends_in_stock_is_still_found(caller):
    VariantFactory.create(account=caller.account, sku="FAN/stock")
    assert caller.data("/variants/FAN%2Fstock")["sku"] == "FAN/stock"

    VariantFactory.create(account=caller.account, sku="FAN")
    assert caller.data("/variants/FAN/stock") == {"sku": "FAN", "total": "0", "levels": []}
    assert caller.data("/variants", sku="FAN/stock")["sku"] == "FAN/stock"
    assert caller.data(path("FAN/stock"))["levels"] == []


def test_an_unknown_sku_and_that_of_another_account_are_not_found(caller):
    stocked(VariantFactory.create(sku="FAN-0").account, "FAN-1", Delhi="1")

    for response in (caller.get(path("FAN-1")), caller.get("/stock", sku="FAN-1")):
        assert response.status_code == 404
        assert response.json() == failure("sku", "There is no variant with this SKU")


@pytest.mark.parametrize("sku", ["\x00", "x" * 1001])
def test_text_that_can_be_no_sku_is_refused(caller, sku):
    assert caller.get(path(sku)).status_code == 422
    assert caller.get("/stock", sku=sku).status_code == 422


def test_it_takes_the_scope_to_read(db):
    caller = program(None, Scope.UPLOADS)
    stocked(caller.account, "FAN-1", Delhi="1")

    assert caller.get(path("FAN-1")).status_code == 403
    assert caller.get("/stock", sku="FAN-1").status_code == 403


def test_stock_costs_the_same_queries_however_many_locations(caller, django_assert_num_queries):
    stocked(caller.account, "FEW", Delhi="1")
    stocked(caller.account, "MANY", **{f"L{number}": "1" for number in range(12)})

    for sku in ("FEW", "MANY"):
        # The token, the variant, its levels.
        with django_assert_num_queries(3):
            assert caller.get(path(sku)).status_code == 200
