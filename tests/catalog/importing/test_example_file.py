"""The format's own example becomes just the catalog that it describes."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from catalog.models import Change, Variant
from tests.catalog.importing.stored import changes, details, product
from tests.imports import (
    catalog_of,
    counts,
    csv_bytes,
    import_bytes,
    import_file,
    issues,
    outcomes,
)

EXAMPLE = Path(__file__).parents[3] / "examples" / "havells-fans.csv"
OTHER_EXAMPLE = Path(__file__).parents[2] / "data" / "creativeai-catalog.csv"
GLAZE = "https://havells.com/content/dam/havells/consumer/fans/ceiling-fans/decorative/Glaze"
UPLOADED = "https://havells.com/ManualUploadImages"


def test_the_example_makes_two_products_of_five_variants_in_six_categories(account):
    upload = import_file(account, EXAMPLE)

    assert upload.status == "success"
    assert upload.output["code"] == "completed"
    assert upload.output["message"] == "5 rows taken: 5 created."
    assert counts(upload) == {"created": 5}
    assert outcomes(upload) == dict.fromkeys(range(2, 7), "created")
    assert issues(upload) == []
    catalog = catalog_of(account)
    assert [category[0] for category in catalog["categories"]] == [
        "Fans",
        "Fans/Havells",
        "Fans/Havells/Ceiling Fans",
        "Premium Fans",
        "Premium Fans/Havells",
        "Premium Fans/Havells/Ceiling Fans",
    ]
    assert product(account, "Yorker") == {
        "key": "Yorker",
        "name": "Yorker",
        "category": "Premium Fans/Havells/Ceiling Fans",
        "tags": ["Special Finish"],
        "collections": ["Collection3", "Collection4", "Collection5"],
    }
    assert product(account, "ZESTER") == {
        "key": "ZESTER",
        "name": "ZESTER",
        "category": "Fans/Havells/Ceiling Fans",
        "tags": ["Decorative"],
        "collections": ["Collection1", "Collection2"],
    }
    assert len(catalog["products"]) == 2
    assert len(catalog["variants"]) == 5
    assert catalog["changes"] == []


def test_every_value_of_the_examples_first_row_is_stored(account):
    import_file(account, EXAMPLE)

    picture = f"{UPLOADED}/FHCYOSTAWW52-.png"
    assert details(account, "FHCYOSTAWW52") == {
        "sku": "FHCYOSTAWW52",
        "product": "Yorker",
        "ean": "",
        "gtin": None,
        "display_name": "Yorker 1320 mm sweep American Walnut",
        "description": "4 blade electroplated fan",
        "price": Decimal("10325"),
        "list_price": Decimal("10325"),
        "length_mm": Decimal("0"),
        "width_mm": Decimal("0"),
        "height_mm": Decimal("0"),
        "weight_g": Decimal("0"),
        "active": True,
        "tax_number": "",
        "tax_rate": "",
        "attributes": {
            "color": "American Walnut",
            "sweep size (mm)": "1320",
            "power consumption (watts)": "82",
        },
        "property_sets": {
            "table details": {
                "rated speed (m³/min)": ["260"],
                "no of blades": ["4"],
                "guarantee (years)": ["2"],
                "Rated frequency (Hz)": ["50"],
            },
            "table additional details": {
                "Rated Voltage (Volts Range)": ["220", "240"],
                "Suited Rooms": ["Hall", "Conference Room"],
            },
            "list Notable Features": ["Feature1"],
        },
        "media": {"media ": [picture], "media Gallery": [picture, picture]},
        "created_by": 0,
    }


def test_every_value_of_the_examples_third_row_is_stored(account):
    import_file(account, EXAMPLE)

    stored = details(account, "FHCZESTDUB48")
    picture = f"{GLAZE}/FHCZESTDUB48/cover.png"
    assert stored["price"] == stored["list_price"] == Decimal("5830")
    assert (stored["tax_number"], stored["tax_rate"]) == ("H234", "18% GST")
    assert stored["attributes"] == {
        "color": "Dusk",
        "sweep size (mm)": "1200",
        "power consumption (watts)": "74",
    }
    assert stored["property_sets"] == {
        "table details": {
            "rated speed (m³/min)": ["235"],
            "no of blades": ["3"],
            "guarantee (years)": ["2"],
            "Rated frequency (Hz)": ["50"],
        },
        "table additional details": {
            "Rated Voltage (Volts Range)": ["220", "240"],
            "Suited Rooms": ["Bed Room", "Kitchen"],
        },
        "list Notable Features": ["Feature1", "Feature2"],
    }
    assert stored["media"] == {"media ": [picture], "media Gallery": [picture]}


def test_definitions_keep_the_order_and_the_headers_of_the_file(account):
    import_file(account, EXAMPLE)

    catalog = catalog_of(account)
    assert catalog["attributes"] == [
        ("color", "", 0, "Variant #; color"),
        ("sweep size", "mm", 1, "Variant #; sweep size(mm)"),
        ("power consumption", "watts", 2, "Variant #; power consumption(watts)"),
    ]
    assert catalog["sets"] == [
        ("media", "", 0, "Media Paths"),
        ("table", "details", 1, "Property Set Table #; details"),
        ("table", "additional details", 2, "Property Set Table #; additional details"),
        ("list", "Notable Features", 3, "Property Set List #; Notable Features"),
        ("media", "Gallery", 4, "Property Set Media #; Gallery"),
    ]
    details_ = "Property Set Table #; details #;"
    more = "Property Set Table #; additional details #;"
    assert catalog["entries"] == [
        (
            "additional details",
            0,
            "Rated Voltage",
            "Volts Range",
            f"{more} Rated Voltage (Volts Range)",
        ),
        ("additional details", 1, "Suited Rooms", "", f"{more} Suited Rooms"),
        ("details", 0, "rated speed", "m³/min", f"{details_} rated speed(m³/min)"),
        ("details", 1, "no of blades", "", f"{details_} no of blades"),
        ("details", 2, "guarantee", "years", f"{details_} guarantee(years)"),
        ("details", 3, "Rated frequency", "Hz", f"{details_} Rated frequency(Hz)"),
    ]
    assert len(catalog["assets"]) == 5


@pytest.mark.parametrize("options", [{"dry_run": True}, {"on_error": "abort"}])
def test_a_dry_run_of_the_example_finds_nothing_wrong_with_it(account, options):
    upload = import_file(account, EXAMPLE, **options)

    assert counts(upload) == {"created": 5}
    assert issues(upload) == []


def test_the_same_file_again_changes_nothing(account):
    import_file(account, EXAMPLE)
    before = catalog_of(account)

    again = import_file(account, EXAMPLE)

    assert again.status == "success"
    assert again.output["code"] == "nothing_changed"
    assert again.output["message"] == (
        "Nothing to change: 5 rows read, and all is stored as the file has it."
    )
    assert counts(again) == {"unchanged": 5}
    assert catalog_of(account) == before


def test_one_price_changed_updates_one_variant_and_logs_just_that(account):
    import_file(account, EXAMPLE)
    before = catalog_of(account)
    dearer = EXAMPLE.read_bytes().replace(b",10325,10325,", b",10999.50,10325,", 1)

    upload = import_bytes(account, dearer)

    assert counts(upload) == {"updated": 1, "unchanged": 4}
    assert outcomes(upload)[2] == "updated"
    assert changes(account) == [
        ("variant", "FHCYOSTAWW52", "updated", 1, 2, {"price": ["10325", "10999.50"]})
    ]
    after = catalog_of(account)
    changed = before["variants"][0]
    assert changed["sku"] == "FHCYOSTAWW52"
    changed["price"] = Decimal("10999.50")
    assert after == {**before, "changes": after["changes"]}


def test_a_price_change_is_logged_in_less_than_300_bytes(account):
    import_file(account, EXAMPLE)
    import_bytes(account, EXAMPLE.read_bytes().replace(b",10325,10325,", b",10999,10325,", 1))

    (change,) = Change.objects.filter(account=account).values()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_column_size(c.*) FROM catalog_change c WHERE id = %s", [change["id"]]
            )
            (stored,) = cursor.fetchone()
        else:
            stored = sum(len(str(value)) for value in change.values() if value is not None)
    assert stored < 300


def test_files_of_an_account_leave_other_accounts_alone(account):
    import_file(account, EXAMPLE)
    before = catalog_of(account)
    other = type(account).objects.create(slug="other", name="Other", currency="INR")

    cheaper = EXAMPLE.read_bytes().replace(b",10325,10325,", b",1,1,")
    assert counts(import_bytes(other, cheaper)) == {"created": 5}

    assert catalog_of(account) == before
    assert Variant.objects.filter(account=other).count() == 5


def test_a_file_of_another_layout_is_taken_through_a_mapping(account):
    upload = import_file(
        account, OTHER_EXAMPLE, mapping={"title": "title", "image_url": "media", "brand": "tags"}
    )

    assert counts(upload) == {"created": 3}
    assert [(column, code) for _, column, _, code in issues(upload)] == [
        ("style_tags", "ignored_header")
    ]
    assert details(account, "SKU-1001")["media"] == {
        "media ": ["https://cdn.example.com/input/mug-front.png"]
    }
    assert product(account, "Running shoe - blue")["tags"] == ["Fastrail"]


@pytest.mark.parametrize("batch_rows", [1, 7, 2_000])
def test_the_example_is_the_same_in_batches_of_any_size(account, batch_rows):
    reference = type(account).objects.create(slug="reference", name="Reference", currency="INR")
    import_file(reference, EXAMPLE)
    import_file(account, EXAMPLE, batch_rows=batch_rows)

    assert catalog_of(account) == catalog_of(reference)


def test_line_ends_separators_and_encodings_make_no_difference(account):
    import_file(account, EXAMPLE)
    before = catalog_of(account)
    text = EXAMPLE.read_text(encoding="utf-8")

    for content in (
        text.replace("\n", "\r\n").encode("utf-8-sig"),
        text.encode("utf-16"),
        csv_bytes(*_table(text)).replace(b"#;", b"  #;  "),
    ):
        assert counts(import_bytes(account, content)) == {"unchanged": 5}

    assert catalog_of(account) == before


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    header, *rows = (line.split(",") for line in text.splitlines())
    return header, rows
