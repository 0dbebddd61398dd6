"""How values look in an answer."""

import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from accounts.scopes import Scope
from platform_api.encoding import encode, timestamp


def test_a_timestamp_is_utc_with_milliseconds_and_z():
    in_india = datetime(
        2023, 6, 28, 18, 51, 35, 417_999, tzinfo=timezone(timedelta(hours=5, minutes=30))
    )

    assert timestamp(in_india) == "2023-06-28T13:21:35.417Z"


def test_a_timestamp_without_fraction_still_has_milliseconds():
    assert timestamp(datetime(2024, 3, 15, 9, tzinfo=UTC)) == "2024-03-15T09:00:00.000Z"


def test_no_moment_is_null():
    assert timestamp(None) is None


def test_rows_are_encoded_as_the_database_gives_them():
    row = {
        "id": uuid.UUID("607d0489-117c-4fdf-90f1-b517725e989a"),
        "price": Decimal("5830.00"),
        "weight": Decimal("1E+3"),
        "at": datetime(2023, 6, 28, 13, 21, 35, 436_000, tzinfo=UTC),
        "scope": Scope.READ,
        "none": None,
        "unit": "m³/min",
    }

    assert encode(row).decode() == (
        '{"id":"607d0489-117c-4fdf-90f1-b517725e989a","price":"5830.00","weight":"1000",'
        '"at":"2023-06-28T13:21:35.436Z","scope":"read","none":null,"unit":"m³/min"}'
    )


def test_a_value_without_json_form_is_an_error():
    with pytest.raises(TypeError):
        encode({"value": object()})
