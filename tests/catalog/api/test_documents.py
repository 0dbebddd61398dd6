"""How numbers are written, and that the API's document knows every catalog address."""

from decimal import Decimal

import pytest

from bulk_sql.numbers import plain_number
from catalog.api.documents import money
from config.api import api


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("5830.0000", "5830.00"),
        ("0", "0.00"),
        ("0.5", "0.50"),
        ("0.125", "0.125"),
        ("10.1000", "10.10"),
        ("9999999999.9999", "9999999999.9999"),
        ("1E+3", "1000.00"),
    ],
)
def test_price_has_at_least_two_decimals(stored, written):
    assert money(plain_number(Decimal(stored))) == written


@pytest.mark.parametrize(
    ("stored", "written"),
    [("0.000", "0"), ("1200.500", "1200.5"), ("1320.000", "1320"), ("0.001", "0.001")],
)
def test_measure_has_no_idle_zeros(stored, written):
    assert plain_number(Decimal(stored)) == written


@pytest.mark.parametrize(("stored", "written"), [(1320, "1320"), (0.125, "0.125"), (0, "0")])
def test_number_as_sqlite_gives_it_is_written_the_same(stored, written):
    assert plain_number(stored) == written


def test_absent_number_is_null():
    assert money(None) is None


def test_document_knows_every_address():
    paths = api.get_openapi_schema()["paths"]
    prefix = "/api/platform/v1"

    for path in ("products", "products/{product_id}", "variants", "variants/{sku}"):
        assert list(paths[f"{prefix}/{path}"]) == ["get"]
    for path in ("categories", "collections", "tags"):
        assert list(paths[f"{prefix}/{path}"]) == ["get"]
