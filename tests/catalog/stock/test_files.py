"""What a stock file's rows make of levels: set, adjusted, left alone, or refused with a reason."""

import pytest

from catalog.editing import delete_variant
from catalog.models import Location, Variant
from catalog.writing.context import Actor
from tests.catalog.stock.stocking import levels_of, movements_of, stock_of, stock_rows, variants
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.catalog import VariantFactory
from tests.factories.stock import LocationFactory, StockLevelFactory
from tests.imports import counts, issues, messages, outcome_of_run, outcomes

HEADER = ["SKU", "Location", "Quantity"]


def test_a_first_file_makes_levels_and_locations(account):
    upload = stock_rows(
        account,
        HEADER,
        [["FAN-1", "Delhi", "12"], ["FAN-1", "Pune", "3.5"], ["FAN-2", "", "1,200"]],
    )

    assert counts(upload) == {"created": 3}
    assert levels_of(account) == {
        ("FAN-1", "Delhi"): "12",
        ("FAN-1", "Pune"): "3.5",
        ("FAN-2", "Default"): "1200",
    }
    assert movements_of(account) == [
        ("FAN-1", "Delhi", "set", None, "12", 2),
        ("FAN-1", "Pune", "set", None, "3.5", 3),
        ("FAN-2", "Default", "set", None, "1200", 4),
    ]
    assert Location.objects.get(account=account, is_default=True).name == "Default"
    assert upload.output["new_locations"] == ["Delhi", "Pune", "Default"]


def test_the_first_row_that_names_a_new_location_is_warned(account):
    upload = stock_rows(
        account, HEADER, [["FAN-1", "Dehli", "1"], ["FAN-2", "DEHLI", "1"], ["FAN-3", "", "1"]]
    )

    assert issues(upload) == [(2, "Location", "Dehli", "new_location")]
    assert upload.warnings == 1


def test_the_same_file_again_changes_nothing(account):
    rows = [["FAN-1", "Delhi", "12"], ["FAN-2", "Pune", "0"]]
    stock_rows(account, HEADER, rows)
    before = movements_of(account)

    upload = stock_rows(account, HEADER, [["FAN-1", "delhi ", "12.00"], ["FAN-2", "PUNE", "0"]])

    assert counts(upload) == {"unchanged": 2}
    assert upload.output["code"] == "nothing_changed"
    assert movements_of(account) == before


def test_a_changed_quantity_is_a_movement_with_before_and_after(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "12"]])

    upload = stock_rows(account, HEADER, [["FAN-1", "Delhi", "7"]])

    assert counts(upload) == {"updated": 1}
    assert movements_of(account)[-1] == ("FAN-1", "Delhi", "set", "12", "7", 2)


def test_what_names_no_location_is_about_the_default_one(account):
    LocationFactory.create(account=account, name="Main", is_default=True)

    upload = stock_rows(account, ["SKU", "Quantity"], [["FAN-1", "4"]])

    assert levels_of(account) == {("FAN-1", "Main"): "4"}
    assert issues(upload) == []


def test_adjusting_adds_to_what_is_there(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "12"]])

    upload = stock_rows(
        account,
        HEADER,
        [["FAN-1", "Delhi", "-2.5"], ["FAN-2", "Delhi", "+4"], ["FAN-3", "Delhi", "0"]],
        mode="adjust",
    )

    assert outcomes(upload) == {2: "updated", 3: "created", 4: "unchanged"}
    assert levels_of(account) == {("FAN-1", "Delhi"): "9.5", ("FAN-2", "Delhi"): "4"}
    assert movements_of(account)[1:] == [
        ("FAN-1", "Delhi", "adjusted", "12", "9.5", 2),
        ("FAN-2", "Delhi", "adjusted", None, "4", 3),
    ]


def test_a_rows_own_mode_goes_before_the_uploads(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "12"], ["FAN-2", "Delhi", "12"]])

    stock_rows(
        account,
        [*HEADER, "Mode"],
        [["FAN-1", "Delhi", "3", "SET"], ["FAN-2", "Delhi", "3", ""]],
        mode="adjust",
    )

    assert levels_of(account) == {("FAN-1", "Delhi"): "3", ("FAN-2", "Delhi"): "15"}


def test_a_level_may_be_below_zero(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "-3"], ["FAN-2", "Delhi", "\u22120.5"]])

    assert levels_of(account) == {("FAN-1", "Delhi"): "-3", ("FAN-2", "Delhi"): "-0.5"}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "missing_quantity"),
        ("many", "invalid_number"),
        ("--5", "invalid_number"),
        ("-", "invalid_number"),
        ("1.234,5", "invalid_number"),
        ("NaN", "invalid_number"),
        ("1E5", "invalid_number"),
        ("0.12345", "too_many_digits"),
        ("12345678901", "too_many_digits"),
    ],
)
def test_a_quantity_that_is_none_is_an_issue(account, cell, code):
    upload = stock_rows(account, HEADER, [["FAN-1", "Delhi", cell], ["FAN-2", "Delhi", "1"]])

    assert counts(upload) == {"created": 1, "failed": 1}
    assert issues(upload)[0] == (2, "Quantity", cell, code)
    assert levels_of(account) == {("FAN-2", "Delhi"): "1"}


def test_a_decimal_comma_is_read_where_it_is_said(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "1.234,5"]], decimal_comma=True)

    assert levels_of(account) == {("FAN-1", "Delhi"): "1234.5"}


def test_an_adjustment_beyond_what_a_level_holds_is_an_issue(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "9999999999"]])

    upload = stock_rows(account, HEADER, [["FAN-1", "Delhi", "1"]], mode="adjust")

    assert issues(upload) == [(2, "Quantity", "1", "too_many_digits")]
    assert levels_of(account) == {("FAN-1", "Delhi"): "9999999999"}


def test_an_unknown_sku_is_an_issue_and_makes_nothing(account):
    upload = stock_rows(account, HEADER, [["FAN-9", "Goa", "1"], ["fan-1", "Goa", "1"]])

    assert issues(upload) == [
        (2, "SKU", "FAN-9", "unknown_sku"),
        (3, "SKU", "fan-1", "unknown_sku"),
    ]
    assert counts(upload) == {"failed": 2}
    assert not Location.objects.filter(account=account).exists()


def test_a_sku_of_another_account_is_unknown(account):
    VariantFactory.create(sku="THEIRS")

    upload = stock_rows(account, HEADER, [["THEIRS", "Delhi", "1"]])

    assert issues(upload) == [(2, "SKU", "THEIRS", "unknown_sku")]


def test_a_sku_that_a_spreadsheet_damaged_is_told_with_what_it_was(account):
    variants(account, "00123", "122000000001")

    upload = stock_rows(account, HEADER, [["123", "Delhi", "1"], ["1.22E+11", "Delhi", "1"]])

    assert [code for *_, code in issues(upload)] == ["spreadsheet_damage"] * 2
    assert "'00123'" in messages(upload)[0]
    assert "'122000000001'" in messages(upload)[1]


@pytest.mark.parametrize("batch_rows", [1, 2, 2000])
def test_the_same_sku_and_location_twice_names_the_first_row(account, batch_rows):
    upload = stock_rows(
        account,
        HEADER,
        [["FAN-1", "Delhi", "1"], ["FAN-1", "Pune", "2"], ["FAN-1", " delhi", "3"]],
        batch_rows=batch_rows,
    )

    assert outcomes(upload) == {2: "created", 3: "created", 4: "failed"}
    assert (4, "SKU", "FAN-1", "repeated_key") in issues(upload)
    assert any("Row 2 of this file" in text for text in messages(upload))
    assert levels_of(account)[("FAN-1", "Delhi")] == "1"


def test_keys_that_are_longer_than_the_ledger_holds_stay_apart(account):
    sku = "S" * 200
    variants(account, sku)
    rows = [[sku, f"{'L' * 98}{place}", "1"] for place in range(3)]

    upload = stock_rows(account, HEADER, [*rows, rows[1]])

    assert outcomes(upload) == {2: "created", 3: "created", 4: "created", 5: "failed"}


@pytest.mark.parametrize("location", ["a #; b", "x" * 101])
def test_a_location_that_is_no_name_is_an_issue(account, location):
    upload = stock_rows(account, HEADER, [["FAN-1", location, "1"]])

    assert [(row, column) for row, column, *_ in issues(upload)] == [(2, "Location")]
    assert levels_of(account) == {}


def test_an_unknown_mode_is_an_issue(account):
    upload = stock_rows(account, [*HEADER, "Mode"], [["FAN-1", "Delhi", "1", "replace"]])

    assert issues(upload) == [(2, "Mode", "replace", "invalid_mode")]


def test_every_issue_of_a_row_comes_at_once(account):
    upload = stock_rows(account, [*HEADER, "Mode"], [["FAN-9", "Delhi", "much", "twice"]])

    assert [code for *_, code in issues(upload)] == [
        "unknown_sku",
        "invalid_mode",
        "invalid_number",
    ]


def test_rows_are_found_by_ean_where_they_have_no_sku(account):
    VariantFactory.create(account=account, sku="FAN-E", ean="4006381333931")
    header = ["SKU", "GTIN", "Quantity"]

    upload = stock_rows(
        account,
        header,
        [
            ["", "4006381333931", "5"],
            ["", "5901234123457", "5"],
            ["", "4006381333930", "5"],
            ["", "", "5"],
            ["FAN-E", "", "6"],
        ],
    )

    assert levels_of(account) == {("FAN-E", "Default"): "5"}
    assert issues(upload) == [
        (3, "GTIN", "5901234123457", "unknown_ean"),
        (4, "GTIN", "4006381333930", "invalid_ean"),
        (5, "SKU", "", "missing_key"),
        (6, "SKU", "FAN-E", "repeated_key"),
    ]


def test_a_row_with_a_cell_too_many_is_an_issue(account):
    upload = stock_rows(account, HEADER, [["FAN-1", "Delhi", "1", "2"]])

    assert counts(upload) == {"failed": 1}
    assert levels_of(account) == {}


def test_a_dry_run_foretells_and_writes_nothing(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "1"]])
    before = stock_of(account)
    rows = [
        ["FAN-1", "Delhi", "2"],
        ["FAN-2", "Goa", "1"],
        ["FAN-9", "Goa", "1"],
        ["FAN-3", "", ""],
    ]

    dry = stock_rows(account, HEADER, rows, dry_run=True, batch_rows=1)
    after = stock_of(account)
    real = stock_rows(account, HEADER, rows, batch_rows=2)

    for kept in ("locations", "levels", "movements"):
        assert after[kept] == before[kept]
    assert outcome_of_run(dry) == outcome_of_run(real)
    assert dry.output["new_locations"] == real.output["new_locations"] == ["Goa"]


def test_all_or_nothing_writes_nothing_where_a_row_fails(account):
    upload = stock_rows(
        account, HEADER, [["FAN-1", "Delhi", "1"], ["FAN-9", "Delhi", "1"]], on_error="abort"
    )

    assert upload.output["code"] == "rows_failed"
    assert stock_of(account)["levels"] == {}
    assert not Location.objects.filter(account=account).exists()


def test_all_or_nothing_writes_everything_where_none_fails(account):
    upload = stock_rows(
        account, HEADER, [["FAN-1", "Delhi", "1"], ["FAN-2", "Delhi", "1"]], on_error="abort"
    )

    assert counts(upload) == {"created": 2}
    assert upload.warnings == 1
    assert levels_of(account) == {("FAN-1", "Delhi"): "1", ("FAN-2", "Delhi"): "1"}


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{}, {"mode": "adjust"}], ids=["set", "adjust"])
def test_batches_of_any_size_give_the_same_tables_and_issues(options):
    rows = [
        [sku, location, quantity]
        for number, sku in enumerate(["FAN-1", "FAN-2", "FAN-3", "FAN-9"])
        for location, quantity in [
            ("Delhi", str(number)),
            ("delhi", "5"),
            ("", "3"),
            ("default", "7"),
            (f"New {number}", "x" if number == 1 else "2"),
        ]
    ]
    found = []
    for batch_rows in (1, 7, 2000):
        account = AccountFactory.create()
        made = variants(account, "FAN-1", "FAN-2", "FAN-3")
        delhi = LocationFactory.create(account=account, name="Delhi")
        StockLevelFactory.create(variant=made[0], location=delhi, quantity=4)
        dry = stock_rows(account, HEADER, rows, batch_rows=batch_rows, dry_run=True, **options)
        real = stock_rows(account, HEADER, rows, batch_rows=batch_rows, **options)
        assert outcome_of_run(dry) == outcome_of_run(real)
        found.append((outcome_of_run(real), stock_of(account)))

    assert found[0] == found[1] == found[2]


def test_deleting_a_variant_takes_its_levels_and_says_so(account):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "12"], ["FAN-2", "Delhi", "1"]])
    variant = Variant.objects.get(account=account, sku="FAN-1")

    delete_variant(
        account_id=account.pk,
        actor=Actor(user_id=UserFactory.create().pk),
        variant_id=variant.pk,
    )

    assert levels_of(account) == {("FAN-2", "Delhi"): "1"}
    assert movements_of(account)[-1] == (None, "Delhi", "removed", "12", None, None)
