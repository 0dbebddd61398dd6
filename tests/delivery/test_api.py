"""GET /serviceability/{pincode}: whether and how a courier delivers there."""

import pytest

from accounts.scopes import Scope
from tests.api_client import Program, program
from tests.delivery.courier_lists import LONG, SHORT, pincode_rows, short
from tests.factories.delivery import ServiceablePincodeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller() -> Program:
    return program()


def test_a_pincode_with_all_that_is_known_of_it(caller):
    pincode_rows(
        caller.account,
        LONG,
        [
            [
                *("BOM", "FRT", "400001", "MUMBAI", "FORT", "MAHARASHTRA", "WEST", "METRO"),
                *("0", "Y", "N", "BOM", "W1", "50000.00", "", "MH", "Y"),
            ]
        ],
    )

    assert caller.data("/serviceability/400001", courier="bluedart") == {
        "pincode": "400001",
        "courier": "bluedart",
        "serviceable": True,
        "cod": True,
        "prepaid": False,
        "city": "MUMBAI",
        "state": "MAHARASHTRA",
        "modes": [
            {
                "mode": "surface",
                "serviceable": True,
                "cod": True,
                "prepaid": False,
                "cod_limit": "50000",
                "prepaid_limit": None,
                "embargo": False,
                "extended_delivery": None,
                "extended_delivery_km": None,
                "city": "MUMBAI",
                "state": "MAHARASHTRA",
                "state_code": "MH",
                "region": "WEST",
                "location": "FORT",
                "location_type": "METRO",
                "area": "BOM",
                "service_center": "FRT",
                "destination_area": "BOM",
                "zone": "W1",
            }
        ],
    }


def test_one_mode_that_is_served_is_enough(caller):
    rows = [short("411001", "air", cod="N", prepaid="N"), short("411001", "surface", cod="N")]
    pincode_rows(caller.account, SHORT, rows)

    found = caller.data("/serviceability/411001")

    assert (found["serviceable"], found["cod"], found["prepaid"]) == (True, False, True)
    assert [(mode["mode"], mode["serviceable"]) for mode in found["modes"]] == [
        ("air", False),
        ("surface", True),
    ]


def test_a_pincode_that_was_taken_off_the_list_is_not_served(caller):
    pincode_rows(caller.account, SHORT, [short("411001")])
    pincode_rows(caller.account, SHORT, [short("411002")], replace=True)

    found = caller.data("/serviceability/411001")

    assert (found["serviceable"], found["cod"], found["city"]) == (False, False, "PUNE")


def test_a_pincode_that_no_list_ever_had_is_answered_as_not_served(caller):
    ServiceablePincodeFactory.create(pincode="411001")

    assert caller.data("/serviceability/411001") == {
        "pincode": "411001",
        "courier": "bluedart",
        "serviceable": False,
        "cod": False,
        "prepaid": False,
        "city": None,
        "state": None,
        "modes": [],
    }


@pytest.mark.parametrize("pincode", ["011001", "41100", "4110011", "ABCDEF", "४११००१"])
def test_what_is_no_pincode_is_refused(caller, pincode):
    response = caller.get(f"/serviceability/{pincode}")

    assert response.status_code == 422
    assert response.json()["data"][0] == {
        "attribute_name": "pincode",
        "messages": ["Must be six digits, the first not 0"],
    }


def test_an_unknown_courier_is_refused(caller):
    response = caller.get("/serviceability/411001", courier="pigeon")

    assert response.status_code == 422
    assert response.json()["data"][0]["attribute_name"] == "courier"


def test_it_takes_the_scope_to_read():
    assert program(None, Scope.CATALOG).get("/serviceability/411001").status_code == 403


def test_an_answer_costs_two_queries(caller, django_assert_num_queries):
    pincode_rows(caller.account, SHORT, [short("411001"), short("411001", "air")])

    # The token and the modes.
    with django_assert_num_queries(2):
        assert caller.get("/serviceability/411001").status_code == 200
