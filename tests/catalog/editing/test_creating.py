"""Products and variants that are made by hand."""

from decimal import Decimal

import pytest

from catalog.editing import create_product, create_variant
from catalog.writing.context import Actor
from tests.catalog.editing.edits import (
    EAN,
    SKU,
    attribute,
    edit,
    entry,
    product_id,
    refused,
    set_id,
)
from tests.catalog.importing.stored import changes, details, variant
from tests.imports import counts, import_rows

pytestmark = pytest.mark.django_db


def test_a_new_product_and_a_new_variant_are_logged_as_created(account):
    pk = create_product(
        account_id=account.pk,
        actor=Actor(),
        name="Lamp",
        category_path="Home/Lamps",
        tags=["new"],
        collections=["C1"],
    )
    variant_pk = create_variant(
        account_id=account.pk,
        actor=Actor(),
        product_id=pk,
        sku=" LAMP-1 ",
        values={"price": "12.50", "ean": EAN},
        attributes={attribute(account, "color"): "white"},
        tables={set_id(account, "details"): {entry(account, "no of blades"): []}},
        lists={set_id(account, "Notable Features"): ["bright"]},
        media={set_id(account, "Gallery"): ["https://a.example/lamp.png"]},
    )

    stored = details(account, "LAMP-1")
    assert variant(account, "LAMP-1").pk == variant_pk
    assert (stored["product"], stored["price"], stored["ean"]) == ("Lamp", Decimal("12.50"), EAN)
    assert stored["attributes"] == {"color": "white"}
    assert stored["property_sets"] == {"list Notable Features": ["bright"]}
    assert stored["media"] == {"media Gallery": ["https://a.example/lamp.png"]}
    assert changes(account) == [
        ("product", "Lamp", "created", None, None, {}),
        ("variant", "LAMP-1", "created", None, None, {}),
    ]
    assert counts(import_rows(account, ["SKU", "Price"], [["LAMP-1", "12.5"]])) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("sku", "values", "field"),
    [
        (" ", {}, "sku"),
        ("two\nlines", {}, "sku"),
        (SKU, {}, "sku"),
        ("NEW", {"ean": EAN}, "ean"),
        ("gtin", {"price": "cheap"}, "price"),
    ],
)
def test_a_variant_that_cannot_be_made_is_refused(account, sku, values, field):
    edit(account, values={"ean": EAN})

    errors = refused(
        create_variant,
        account_id=account.pk,
        product_id=product_id(account, "ZESTER"),
        sku=sku,
        values=values,
    )

    assert list(errors) == [field]


def test_a_duplicate_is_said_of_its_own_field_whatever_its_value_reads_like(account):
    create_product(account_id=account.pk, actor=Actor(), name="variant_sku_per_account gtin sku")

    assert refused(
        create_product, account_id=account.pk, name="variant_sku_per_account gtin sku"
    ) == {"name": ["Another product of this account has this name or key."]}


def test_a_sku_that_no_file_could_bring_is_refused(account):
    import_rows(account, ["SKU", "Product Name"], [["A-1", "Fan"]])

    errors = refused(
        create_variant,
        account_id=account.pk,
        product_id=product_id(account, "Fan"),
        sku=" 1.22E+11 ",
    )

    assert errors == {
        "sku": ["'1.22E+11' reads like a number that a spreadsheet shortened. Enter it in full."]
    }
