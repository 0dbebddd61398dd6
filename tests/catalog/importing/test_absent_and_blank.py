"""Absent columns touch nothing; blank cells keep or clear, as the upload says."""

from decimal import Decimal
from typing import Any

import pytest

from tests.catalog.importing.stored import change_count, changes, details, product
from tests.imports import catalog_of, counts, import_rows, issues, outcomes

EAN = "4006381333931"
PICTURE = "https://a.example/1.png"
#: A full row: header, cell, how it is stored, and how it is stored once it was cleared.
COLUMNS: list[tuple[str, str, str, Any, Any]] = [
    ("EAN", EAN, "ean", EAN, ""),
    ("Display Name", "Big fan", "display_name", "Big fan", ""),
    ("Description", "Blows", "description", "Blows", ""),
    ("Price", "10.5", "price", Decimal("10.5"), None),
    ("List Price", "12", "list_price", Decimal("12"), None),
    ("Length(mm)", "1.125", "length_mm", Decimal("1.125"), None),
    ("Width(mm)", "2", "width_mm", Decimal("2"), None),
    ("Height(mm)", "3", "height_mm", Decimal("3"), None),
    ("Weight(gms)", "4000", "weight_g", Decimal("4000"), None),
    ("Tax Number", "H234", "tax_number", "H234", ""),
    ("Tax Rate", "18% GST", "tax_rate", "18% GST", ""),
    ("Variant #; color", "red", "attributes", {"color": "red"}, {}),
    ("Media Paths", PICTURE, "media", {"media ": [PICTURE]}, {}),
    ("Property Set Media #; Gallery", PICTURE, "media", {"media Gallery": [PICTURE]}, {}),
    ("Property Set List #; Features", "a#;b", "property_sets", {"list Features": ["a", "b"]}, {}),
    (
        "Property Set Table #; details #; speed(rpm)",
        "220#;240",
        "property_sets",
        {"table details": {"speed (rpm)": ["220", "240"]}},
        {},
    ),
]
EVERY_COLUMN = pytest.mark.parametrize(
    ("header", "cell", "name", "value", "cleared"), COLUMNS, ids=[c[0] for c in COLUMNS]
)
FULL_HEADER = ["SKU", "Product Name", *(column[0] for column in COLUMNS)]
FULL_ROW = ["A", "Fan", *(column[1] for column in COLUMNS)]


@EVERY_COLUMN
def test_a_value_is_stored_and_kept_where_its_cell_is_blank(
    account, header, cell, name, value, cleared
):
    import_rows(account, ["SKU", "Product Name", header], [["A", "Fan", cell]])
    assert details(account, "A")[name] == value

    upload = import_rows(account, ["SKU", "Product Name", header], [["A", "Fan", "  "]])

    assert outcomes(upload) == {2: "unchanged"}
    assert details(account, "A")[name] == value
    assert change_count(account) == 0


@EVERY_COLUMN
def test_a_blank_cell_takes_the_value_away_where_the_upload_says_so(
    account, header, cell, name, value, cleared
):
    import_rows(account, ["SKU", "Product Name", header], [["A", "Fan", cell]])

    upload = import_rows(
        account, ["SKU", "Product Name", header], [["A", "Fan", ""]], blank_cells="clear"
    )

    assert outcomes(upload) == {2: "updated"}
    assert details(account, "A")[name] == cleared
    again = import_rows(
        account, ["SKU", "Product Name", header], [["A", "Fan", ""]], blank_cells="clear"
    )
    assert outcomes(again) == {2: "unchanged"}


@EVERY_COLUMN
@pytest.mark.parametrize("blank_cells", ["keep", "clear"])
def test_a_blank_cell_of_a_new_variant_is_empty(
    account, header, cell, name, value, cleared, blank_cells
):
    upload = import_rows(
        account, ["SKU", "Product Name", header], [["A", "Fan", ""]], blank_cells=blank_cells
    )

    assert outcomes(upload) == {2: "created"}
    assert details(account, "A")[name] == cleared


def test_absent_columns_are_never_touched_even_where_blanks_clear(account):
    import_rows(account, FULL_HEADER, [FULL_ROW])
    before = catalog_of(account)

    for blank_cells in ("keep", "clear"):
        upload = import_rows(account, ["SKU"], [["A"]], blank_cells=blank_cells)
        assert outcomes(upload) == {2: "unchanged"}

    assert catalog_of(account) == before


def test_a_price_only_file_with_the_same_prices_changes_nothing_whatever_came_before(account):
    import_rows(account, FULL_HEADER, [FULL_ROW])
    before = catalog_of(account)

    for price in ("10.5", "10.50", "₹10.5"):
        assert counts(import_rows(account, ["SKU", "Price"], [["A", price]])) == {"unchanged": 1}

    assert catalog_of(account) == before
    assert counts(import_rows(account, FULL_HEADER, [FULL_ROW])) == {"unchanged": 1}


def test_active_is_true_for_a_new_variant_and_stays_as_it_is_where_blank(account):
    header = ["SKU", "Product Name", "Active"]
    import_rows(account, header, [["A", "Fan", ""], ["B", "Fan", "false"], ["C", "Fan", "TRUE"]])
    assert [row["active"] for row in catalog_of(account)["variants"]] == [True, False, True]

    for blank_cells in ("keep", "clear"):
        upload = import_rows(account, header, [["B", "Fan", ""]], blank_cells=blank_cells)
        assert outcomes(upload) == {2: "unchanged"}

    assert details(account, "B")["active"] is False


def test_a_list_without_an_item_is_an_empty_one(account):
    header = ["SKU", "Product Name", "Tags", "Property Set List #; f", "Variant #; color"]
    import_rows(account, header, [["A", "Fan", "new", "a", "red"]])

    upload = import_rows(account, header, [["A", "Fan", "#;", " #; ", ""]])

    assert outcomes(upload) == {2: "updated"}
    assert product(account, "Fan")["tags"] == []
    assert details(account, "A")["property_sets"] == {}
    assert details(account, "A")["attributes"] == {"color": "red"}
    assert counts(import_rows(account, header, [["A", "Fan", "#;", "#;", "red"]])) == {
        "unchanged": 1
    }


def test_only_the_entries_of_a_set_that_the_file_has_columns_for_are_replaced(account):
    speed, blades = (
        "Property Set Table #; details #; speed",
        "Property Set Table #; details #; blades",
    )
    room, features = "Property Set Table #; more #; room", "Property Set List #; Features"
    import_rows(
        account,
        ["SKU", "Product Name", speed, blades, room, features],
        [["A", "Fan", "220", "3", "Hall", "quiet#;cheap"]],
    )

    upload = import_rows(account, ["SKU", blades, features], [["A", "4#;5", "loud"]])

    assert outcomes(upload) == {2: "updated"}
    assert details(account, "A")["property_sets"] == {
        "table details": {"speed": ["220"], "blades": ["4", "5"]},
        "table more": {"room": ["Hall"]},
        "list Features": ["loud"],
    }
    (change,) = changes(account)
    assert change[-1] == {
        "property_sets.table details.blades": [["3"], ["4", "5"]],
        "property_sets.list Features": [["quiet", "cheap"], ["loud"]],
    }


def test_a_set_whose_last_entry_is_cleared_is_gone(account):
    header = ["SKU", "Product Name", "Property Set Table #; details #; speed"]
    import_rows(account, header, [["A", "Fan", "220"]])

    import_rows(account, header, [["A", "Fan", ""]], blank_cells="clear")

    assert details(account, "A")["property_sets"] == {}


def test_units_make_attributes_of_their_own(account):
    import_rows(
        account,
        ["SKU", "Product Name", "Variant #; size(mm)", "Variant #; size(cm)", "Variant #; size"],
        [["A", "Fan", "1320", "132", "big"]],
    )

    assert details(account, "A")["attributes"] == {
        "size (mm)": "1320",
        "size (cm)": "132",
        "size": "big",
    }


def test_definitions_are_ordered_as_they_were_first_seen_across_files(account):
    import_rows(account, ["SKU", "Product Name", "Variant #; b"], [["A", "Fan", "1"]])
    import_rows(
        account, ["Variant #; a", "VARIANT#;b", "SKU", "Product Name"], [["2", "3", "A", "Fan"]]
    )

    assert catalog_of(account)["attributes"] == [
        ("b", "", 0, "Variant #; b"),
        ("a", "", 1, "Variant #; a"),
    ]
    assert details(account, "A")["attributes"] == {"b": "3", "a": "2"}


def test_media_keep_their_order_and_may_repeat(account):
    one, two = "https://a.example/1.png", "https://a.example/2.png"
    header = ["SKU", "Product Name", "Media Paths", "Property Set Media #; Gallery"]
    import_rows(account, header, [["A", "Fan", f"{one}#;{two} #; {one}", two]])
    assert details(account, "A")["media"] == {"media ": [one, two, one], "media Gallery": [two]}
    assert catalog_of(account)["assets"] == [one, two]

    upload = import_rows(account, header, [["A", "Fan", f"{two}#;{one}", two]])

    assert outcomes(upload) == {2: "updated"}
    assert details(account, "A")["media"] == {"media ": [two, one], "media Gallery": [two]}
    (change,) = changes(account)
    assert change[-1] == {"media.media ": [[one, two, one], [two, one]]}
    assert issues(upload) == []
