"""Edits of variants by people and programs: logged like a file's, and refused as a whole."""

from decimal import Decimal

import pytest

from catalog.editing import (
    create_variant,
    edit_product,
    edit_variant,
)
from catalog.models import (
    Change,
)
from catalog.writing.context import Actor
from tests.catalog.editing.edits import (
    EAN,
    SKU,
    attribute,
    edit,
    entry,
    product_id,
    refused,
    refused_edit,
    set_id,
)
from tests.catalog.importing.stored import changes, details, products_of, variant
from tests.factories.accounts import ApiTokenFactory, UserFactory
from tests.imports import import_rows

pytestmark = pytest.mark.django_db


def test_everything_of_a_variant_can_be_edited_and_is_logged(account):
    details_, extra = set_id(account, "details"), set_id(account, "additional details")

    assert edit(
        account,
        values={
            "ean": EAN,
            "display_name": " Dusk ",
            "price": Decimal("5999.50"),
            "list_price": None,
            "weight_g": "4200",
            "active": False,
            "tax_number": "",
        },
        attributes={attribute(account, "color"): "Night", attribute(account, "sweep size"): ""},
        tables={
            details_: {
                entry(account, "rated speed"): [],
                entry(account, "no of blades"): ["3", "4"],
            },
            extra: {entry(account, "Suited Rooms"): [], entry(account, "Rated Voltage"): []},
        },
        lists={set_id(account, "Notable Features"): [" quiet ", ""]},
        media={set_id(account, "Gallery"): [], set_id(account, ""): ["https://a.example/1"]},
    )

    stored = details(account, SKU)
    assert (stored["ean"], stored["gtin"]) == (EAN, f"0{EAN}")
    assert (stored["display_name"], stored["active"], stored["tax_number"]) == ("Dusk", False, "")
    assert (stored["price"], stored["list_price"], stored["weight_g"]) == (
        Decimal("5999.50"),
        None,
        Decimal("4200"),
    )
    assert stored["attributes"] == {"color": "Night", "power consumption (watts)": "74"}
    assert stored["property_sets"] == {
        "table details": {
            "no of blades": ["3", "4"],
            "guarantee (years)": ["2"],
            "Rated frequency (Hz)": ["50"],
        },
        "list Notable Features": ["quiet"],
    }
    assert stored["media"] == {"media ": ["https://a.example/1"]}


def test_an_edit_is_logged_with_what_changed_and_who_did_it(account):
    person, token = UserFactory.create(), ApiTokenFactory.create(account=account)
    pk = variant(account, SKU).pk

    edit_variant(
        account_id=account.pk,
        actor=Actor(user_id=person.pk),
        variant_id=pk,
        values={"price": Decimal("5999.50"), "display_name": "ZESTER 1200 mm Dusk"},
        attributes={attribute(account, "color"): "Night"},
    )
    edit_variant(
        account_id=account.pk,
        actor=Actor(token_id=token.pk),
        variant_id=pk,
        values={"price": Decimal("6000")},
    )

    first, second = Change.objects.order_by("id")
    assert (first.user, first.token, first.upload, first.row) == (person, None, None, None)
    assert (second.user, second.token) == (None, token)
    assert [change[-1] for change in changes(account)] == [
        {"attributes.color": ["Dusk", "Night"], "price": ["5830", "5999.5"]},
        {"price": ["5999.5", "6000"]},
    ]
    assert variant(account, SKU).last_change_id == second.pk


def test_an_edit_that_changes_nothing_leaves_no_trace(account):
    stored = variant(account, SKU)

    assert not edit(
        account,
        values={"price": Decimal("5830.00"), "active": True, "tax_rate": "18% GST", "ean": ""},
        attributes={attribute(account, "color"): "Dusk"},
        tables={set_id(account, "details"): {entry(account, "no of blades"): ["3"]}},
        lists={set_id(account, "Notable Features"): ["Feature1", "Feature2"]},
    )

    assert variant(account, SKU).updated_at == stored.updated_at
    assert changes(account) == []


def test_a_description_from_a_browser_is_the_one_that_a_file_gave(account):
    import_rows(account, ["SKU", "Description"], [[SKU, "two\nlines\n\nand more"]])

    assert not edit(account, values={"description": "two\r\nlines\r\n\r\nand more\r\n"})


def test_a_variant_moves_to_another_product_and_the_one_it_leaves_stays(account):
    assert edit(account, product_id=product_id(account, "Yorker"))

    assert products_of(account)[SKU] == "Yorker"
    assert changes(account) == [
        ("variant", SKU, "updated", None, None, {"product": ["ZESTER", "Yorker"]})
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ean": "4006381333932"}, "ean"),
        ({"price": "cheap"}, "price"),
        ({"price": Decimal("-1")}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"price": Decimal("1.00001")}, "price"),
        ({"length_mm": "12345678901"}, "length_mm"),
        ({"display_name": "n" * 501}, "display_name"),
        ({"description": "bell\x07"}, "description"),
    ],
)
def test_a_value_that_no_file_could_give_is_refused(account, values, field):
    errors = refused_edit(account, values={"active": False, **values})

    assert list(errors) == [field]
    assert len(errors[field]) == 1


def test_list_items_and_urls_that_could_not_be_written_back_are_refused(account):
    features, gallery = set_id(account, "Notable Features"), set_id(account, "Gallery")
    details_, blades = set_id(account, "details"), entry(account, "no of blades")

    errors = refused_edit(
        account,
        lists={features: ["a#;b"]},
        tables={details_: {blades: ["two\nlines"]}},
        media={gallery: ["https://a.example/#;x", "https://a.example/1"]},
        attributes={attribute(account, "color"): "c" * 1_001},
    )

    assert sorted(errors) == sorted(
        [
            f"property_sets.{features}",
            f"property_sets.{details_}.{blades}",
            f"media.{gallery}",
            f"attributes.{attribute(account, 'color')}",
        ]
    )


def test_an_ean_of_another_variant_is_refused(account):
    edit(account, values={"ean": EAN})

    assert refused_edit(account, "FHCZESTPWC48", values={"ean": f"0{EAN}", "price": "1"}) == {
        "ean": ["Another variant of this account has this EAN."]
    }


def test_a_variant_of_another_account_does_not_exist(account, other):
    assert refused(
        edit_variant,
        account_id=account.pk,
        variant_id=variant(other, SKU).pk,
        values={"price": "1"},
    ) == {"__all__": ["This variant does not exist any more."]}


def test_a_product_of_another_account_is_refused(account, other):
    foreign = product_id(other, "Yorker")
    expected = {"product": ["Choose a product of this account."]}

    assert refused_edit(account, product_id=foreign, values={"price": "1"}) == expected
    assert refused(create_variant, account_id=account.pk, product_id=foreign, sku="X") == expected
    assert refused(edit_product, account_id=account.pk, product_id=foreign, name="Mine") == {
        "__all__": ["This product does not exist any more."]
    }


def test_definitions_of_another_account_or_kind_are_refused(account, other):
    errors = refused_edit(
        account,
        values={"price": "1"},
        attributes={attribute(other, "color"): "red"},
        tables={
            set_id(other, "details"): {entry(other, "no of blades"): ["4"]},
            set_id(account, "details"): {entry(account, "Suited Rooms"): ["Hall"]},
        },
        lists={set_id(account, "Gallery"): ["x"]},
        media={set_id(other, "Gallery"): ["https://a.example/1"], 0: []},
    )

    assert errors == {
        f"attributes.{attribute(other, 'color')}": ["This account has no such attribute."],
        f"property_sets.{set_id(other, 'details')}.{entry(other, 'no of blades')}": [
            "This account has no such table entry."
        ],
        f"property_sets.{set_id(account, 'details')}.{entry(account, 'Suited Rooms')}": [
            "This account has no such table entry."
        ],
        f"property_sets.{set_id(account, 'Gallery')}": ["This account has no such list."],
        f"media.{set_id(other, 'Gallery')}": ["This account has no such media set."],
        "media.0": ["This account has no such media set."],
    }


def test_a_description_longer_than_a_cell_of_a_file_is_refused(account):
    import_rows(account, ["SKU", "Product Name"], [["LONG", "Long"]])

    assert edit(account, "LONG", values={"description": "=" + "x" * 99_998})
    errors = refused_edit(account, "LONG", values={"description": "x" * 100_000})

    assert errors == {"description": ["100000 characters; at most 99999 are kept."]}
