"""What the rows of Blue Dart's files make of pincodes, under each header they come with."""

from decimal import Decimal

import pytest

from delivery.models import PincodeChange, ServiceablePincode
from tests.delivery.courier_lists import (
    EXTENDED,
    LONG,
    SHORT,
    changes_of,
    pincode_rows,
    pincodes_of,
    served,
    short,
)
from tests.factories.accounts import AccountFactory
from tests.factories.delivery import ServiceablePincodeFactory
from tests.imports import counts, issues, messages, outcome_of_run, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory.create()


def test_the_short_header(account):
    upload = pincode_rows(
        account,
        SHORT,
        [
            ["BOM ", " 400001", "MUMBAI  ", "FORT", "MAHARASHTRA", "Y", "Y", "Surface "],
            ["BOM", "400001", "MUMBAI", "FORT", "MAHARASHTRA", "N", "Yes", "AIR"],
            ["DEL", "110001", "NEW DELHI", "", "DELHI", "no", "FALSE", "air"],
        ],
    )

    found = pincodes_of(account)
    assert counts(upload) == {"created": 3}
    assert issues(upload) == []
    assert list(found) == [("110001", "air"), ("400001", "air"), ("400001", "surface")]
    surface = found[("400001", "surface")]
    assert (surface["service_center"], surface["city"], surface["location"]) == (
        "BOM",
        "MUMBAI",
        "FORT",
    )
    assert (surface["cod"], surface["prepaid"], surface["is_serviceable"]) == (True, True, True)
    assert found[("400001", "air")]["cod"] is False
    # Neither way of paying: nothing is delivered.
    assert served(account) == [("400001", "air"), ("400001", "surface")]


def test_the_long_header_speaks_of_carriage_by_surface(account):
    upload = pincode_rows(
        account,
        LONG,
        [
            [
                *("BOM", "FRT", "400001", "MUMBAI", "FORT", "MAHARASHTRA", "WEST", "METRO"),
                *("0", "TRUE", "Y", "BOM", "W1", "50000", "1,00,000.50", "MH", "Y"),
            ],
            [
                *("DEL", "CNP", "110001", "NEW DELHI", "CP", "DELHI", "NORTH", "METRO"),
                *("1", "Y", "Y", "DEL", "N1", "", "NA", "DL", "Y"),
            ],
            [
                *("SXR", "SXR", "190001", "SRINAGAR", "LAL CHOWK", "J & K", "NORTH", "ROI"),
                *("0", "Y", "Y", "SXR", "N2", "0", "0", "JK", "N"),
            ],
        ],
    )

    found = pincodes_of(account)
    assert counts(upload) == {"created": 3}
    assert found[("400001", "surface")] == {
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
        "service_flag": "Y",
        "cod": True,
        "prepaid": True,
        "embargo": False,
        "extended": None,
        "extended_km": None,
        "cod_limit": Decimal("50000"),
        "prepaid_limit": Decimal("100000.5"),
        "is_listed": True,
        "is_serviceable": True,
    }
    assert found[("110001", "surface")]["cod_limit"] is None
    # One is under embargo, one is flagged as not served.
    assert served(account) == [("400001", "surface")]


def test_the_header_of_extended_locations(account):
    upload = pincode_rows(
        account,
        EXTENDED,
        [["781001", "EAST", "Assam", "y", "12.5", "N"], ["110001", "NORTH", "Delhi", "N", "", "Y"]],
    )

    found = pincodes_of(account)
    assert counts(upload) == {"created": 2}
    assert found[("781001", "")]["extended"] is True
    assert found[("781001", "")]["extended_km"] == Decimal("12.5")
    assert found[("110001", "")]["embargo"] is True
    assert served(account) == [("781001", "")]


def test_the_same_file_again_changes_nothing_whatever_its_case_and_padding(account):
    pincode_rows(account, SHORT, [short("411001")])
    before = changes_of(account)

    upload = pincode_rows(
        account,
        [f" {name.upper()} " for name in SHORT],
        [["pnq", "411001", " Pune", "Shivaji  Nagar", "Maharashtra", "true", "1", "SURFACE"]],
    )

    assert counts(upload) == {"unchanged": 1}
    assert changes_of(account) == before


def test_what_a_file_does_not_say_stays(account):
    pincode_rows(account, SHORT, [short("411001")])

    upload = pincode_rows(
        account, ["Pincode", "Mode", "City", "Embargo"], [["411001", "surface", "", "Y"]]
    )

    state = pincodes_of(account)[("411001", "surface")]
    assert counts(upload) == {"updated": 1}
    assert (state["city"], state["embargo"], state["is_serviceable"]) == ("PUNE", True, False)
    assert changes_of(account)[-1] == (
        "411001 surface",
        "updated",
        2,
        {"embargo": [None, True], "is_serviceable": [True, False]},
    )


@pytest.mark.parametrize(
    ("pincode", "code"),
    [
        ("011001", "invalid_pincode"),
        ("41100", "invalid_pincode"),
        ("4110011", "invalid_pincode"),
        ("41100A", "invalid_pincode"),
        ("४११००१", "invalid_pincode"),
        ("", "missing_key"),
    ],
)
def test_a_pincode_is_six_digits_the_first_not_0(account, pincode, code):
    upload = pincode_rows(account, SHORT, [short(pincode), short("411002")])

    assert issues(upload) == [(2, "pincode", pincode, code)]
    assert list(pincodes_of(account)) == [("411002", "surface")]


def test_a_pincode_is_also_written_with_a_blank_in_its_middle(account):
    pincode_rows(account, SHORT, [short("411 001")])

    assert list(pincodes_of(account)) == [("411001", "surface")]


@pytest.mark.parametrize(
    ("header", "row", "issue"),
    [
        (SHORT, short("411001", cod="perhaps"), (2, "cod", "perhaps", "invalid_flag")),
        (SHORT, short("411001", city="x" * 151), (2, "city", "x" * 151, "too_long")),
        (SHORT, short("411001", mode="m" * 26), (2, "mode", "m" * 26, "too_long")),
        (
            EXTENDED,
            ["411001", "", "", "Y", "far", ""],
            (2, "EDL Distance", "far", "invalid_number"),
        ),
        (EXTENDED, ["411001", "", "", "Y", "-1", ""], (2, "EDL Distance", "-1", "invalid_number")),
        (
            EXTENDED,
            ["411001", "", "", "Y", "1234567", ""],
            (2, "EDL Distance", "1234567", "too_many_digits"),
        ),
    ],
)
def test_a_cell_that_cannot_be_taken_is_an_issue(account, header, row, issue):
    upload = pincode_rows(account, header, [row])

    assert issues(upload) == [issue]
    assert not ServiceablePincode.objects.exists()
    assert not PincodeChange.objects.exists()


@pytest.mark.parametrize("batch_rows", [1, 2, 2000])
def test_the_same_pincode_and_mode_twice_names_the_first_row(account, batch_rows):
    upload = pincode_rows(
        account,
        SHORT,
        [short("411001"), short("411001", "air"), short("411001", "SURFACE", city="ELSEWHERE")],
        batch_rows=batch_rows,
    )

    assert outcomes(upload) == {2: "created", 3: "created", 4: "failed"}
    assert issues(upload) == [(4, "pincode", "411001", "repeated_key")]
    assert "Row 2" in messages(upload)[0]
    assert pincodes_of(account)[("411001", "surface")]["city"] == "PUNE"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["city", "state"], "missing_key_column"),
        (["pincode", "cod", "surfacecod"], "repeated_header"),
    ],
)
def test_a_header_that_cannot_be_worked_with_fails_the_upload(account, header, code):
    upload = pincode_rows(account, header, [["411001"] * len(header)])

    assert upload.status == "failure"
    assert code in [found for *_, found in issues(upload)]
    assert not ServiceablePincode.objects.exists()


def test_a_column_that_is_not_known_is_named_with_the_nearest(account):
    upload = pincode_rows(account, ["pincode", "citty"], [["411001", "PUNE"]])

    assert issues(upload) == [(1, "citty", "citty", "ignored_header")]
    assert "Did you mean 'city'?" in messages(upload)[0]
    assert upload.extradata["ignored_headers"] == ["citty"]


def test_accounts_have_lists_of_their_own(account):
    theirs = ServiceablePincodeFactory.create(pincode="411001", city="THEIRS")

    upload = pincode_rows(account, SHORT, [short("411001")], replace=True)

    theirs.refresh_from_db()
    assert counts(upload) == {"created": 1}
    assert (theirs.city, theirs.is_serviceable) == ("THEIRS", True)


@pytest.mark.parametrize("options", [{}, {"replace": True}], ids=["add", "replace"])
def test_batches_of_any_size_give_the_same_tables_and_issues(options):
    rows = [
        short("411001", city="POONA"),
        short("411002"),
        short("411001", "Surface"),
        short("41"),
        short("411004", "air", cod="N"),
    ]
    rows = rows if not options else [rows[0], rows[1], rows[4]]
    found = []
    for batch_rows in (1, 7, 2000):
        account = AccountFactory.create()
        pincode_rows(account, SHORT, [short("411001"), short("411009")])
        dry = pincode_rows(account, SHORT, rows, batch_rows=batch_rows, dry_run=True, **options)
        real = pincode_rows(account, SHORT, rows, batch_rows=batch_rows, **options)
        assert outcome_of_run(dry) == outcome_of_run(real)
        found.append((outcome_of_run(real), pincodes_of(account), changes_of(account)))

    assert found[0] == found[1] == found[2]
