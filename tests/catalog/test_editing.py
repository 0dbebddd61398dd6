"""Edits by people and programs: logged like a file's, refused as a whole, and seen by files."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Account
from catalog.editing import (
    create_product,
    create_variant,
    delete_product,
    delete_variant,
    edit_product,
    edit_variant,
)
from catalog.errors import EditRejected
from catalog.models import (
    AttributeDefinition,
    Change,
    Product,
    PropertySetDefinition,
    TableEntryDefinition,
    Variant,
)
from catalog.writing.context import Actor
from tests.catalog.importing.stored import changes, details, product, products_of, variant
from tests.factories.accounts import AccountFactory, ApiTokenFactory, UserFactory
from tests.imports import catalog_of, counts, import_file, import_rows, outcomes

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[2] / "examples" / "havells-fans.csv"
SKU = "FHCZESTDUB48"
EAN, OTHER_EAN = "4006381333931", "96385074"


@pytest.fixture
def account() -> Account:
    """An account with the example file in it."""
    account = AccountFactory.create()
    import_file(account, EXAMPLE)
    return account


@pytest.fixture
def other() -> Account:
    """Somebody else's account with the same file in it."""
    account = AccountFactory.create()
    import_file(account, EXAMPLE)
    return account


def edit(account: Account, sku: str = SKU, **given: Any) -> bool:
    return edit_variant(
        account_id=account.pk, actor=Actor(), variant_id=variant(account, sku).pk, **given
    )


def product_id(account: Account, key: str) -> int:
    return Product.objects.get(account=account, key=key).pk


def attribute(account: Account, name: str) -> int:
    return AttributeDefinition.objects.get(account=account, name=name).pk


def set_id(account: Account, name: str) -> int:
    return PropertySetDefinition.objects.get(account=account, name=name).pk


def entry(account: Account, key: str) -> int:
    return TableEntryDefinition.objects.get(property_set__account=account, key=key).pk


def refused(call: Any, **given: Any) -> dict[str, list[str]]:
    """What was refused, having made sure that nothing at all was written."""
    before = list(Change.objects.values()), list(Variant.objects.values())
    products = list(Product.objects.values())
    with pytest.raises(EditRejected) as caught:
        call(actor=Actor(), **given)
    assert (list(Change.objects.values()), list(Variant.objects.values())) == before
    assert list(Product.objects.values()) == products
    return caught.value.errors


def refused_edit(account: Account, sku: str = SKU, **given: Any) -> dict[str, list[str]]:
    return refused(
        edit_variant, account_id=account.pk, variant_id=variant(account, sku).pk, **given
    )


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


# What files see of an edit


def test_the_same_file_after_an_edit_restores_just_the_row_that_was_edited(account):
    before = catalog_of(account)
    edit(account, values={"price": Decimal("1")})

    upload = import_file(account, EXAMPLE)

    assert counts(upload) == {"updated": 1, "unchanged": 4}
    assert outcomes(upload)[4] == "updated"
    after = catalog_of(account)
    assert after["variants"] == before["variants"]
    assert [change[-1] for change in after["changes"]] == [
        {"price": ["1", "5830"]},
        {"price": ["5830", "1"]},
    ]
    assert counts(import_file(account, EXAMPLE)) == {"unchanged": 5}


@pytest.mark.parametrize("model", [Variant, Product])
def test_a_digest_counts_only_while_its_change_is_the_newest(account, model):
    """Whatever else may write and forget about digests: a newer change makes them lapse."""
    changed = {"price": 1} if model is Variant else {"category": None}
    of_one = {"sku": SKU} if model is Variant else {"key": "ZESTER"}
    model.objects.filter(account=account, **of_one).update(last_change_id=10**9, **changed)

    upload = import_file(account, EXAMPLE)

    assert counts(upload) == {"updated": 1, "unchanged": 4}
    assert outcomes(upload)[4] == "updated"


def test_the_same_file_after_an_edit_that_it_does_not_speak_of_changes_nothing(account):
    import_rows(account, ["SKU", "Price"], [[SKU, "5830"]])
    edit(account, values={"ean": EAN})

    assert counts(import_file(account, EXAMPLE)) == {"unchanged": 5}
    assert variant(account, SKU).ean == EAN


@pytest.mark.parametrize(
    ("given", "field", "restored"),
    [
        ({"category_path": "Garden"}, "category", "Fans/Havells/Ceiling Fans"),
        ({"tags": ["x", "y"]}, "tags", ["Decorative"]),
        ({"collections": []}, "collections", ["Collection1", "Collection2"]),
    ],
)
def test_the_same_file_restores_an_edited_product_with_the_row_that_decides(
    account, given, field, restored
):
    edit_product(
        account_id=account.pk,
        actor=Actor(),
        product_id=product_id(account, "ZESTER"),
        **given,
    )
    assert product(account, "ZESTER")[field] != restored

    upload = import_file(account, EXAMPLE)

    assert counts(upload) == {"updated": 1, "unchanged": 4}
    assert outcomes(upload)[4] == "updated"
    assert product(account, "ZESTER")[field] == restored


def test_media_edits_are_seen_by_files_too(account):
    edit(account, media={set_id(account, "Gallery"): ["https://a.example/other.png"]})

    upload = import_file(account, EXAMPLE)

    assert counts(upload) == {"updated": 1, "unchanged": 4}
    assert "Glaze" in details(account, SKU)["media"]["media Gallery"][0]


def test_a_deleted_variant_comes_back_with_the_file(account):
    delete_variant(account_id=account.pk, actor=Actor(), variant_id=variant(account, SKU).pk)

    assert counts(import_file(account, EXAMPLE)) == {"created": 1, "unchanged": 4}


# Products


def test_a_product_is_edited_and_what_changed_is_logged(account):
    person = UserFactory.create()
    assert edit_product(
        account_id=account.pk,
        actor=Actor(user_id=person.pk),
        product_id=product_id(account, "ZESTER"),
        name="Zester",
        category_path=" Fans / Table Fans ",
        tags=["new", " Decorative ", "new"],
        collections=["Collection1", "Collection2"],
    )

    assert product(account, "Zester") == {
        "key": "Zester",
        "name": "Zester",
        "category": "Fans/Table Fans",
        "tags": ["new", "Decorative"],
        "collections": ["Collection1", "Collection2"],
    }
    assert changes(account) == [
        (
            "product",
            "Zester",
            "updated",
            None,
            None,
            {
                "key": ["ZESTER", "Zester"],
                "name": ["ZESTER", "Zester"],
                "category": ["Fans/Havells/Ceiling Fans", "Fans/Table Fans"],
                "tags": [["Decorative"], ["new", "Decorative"]],
            },
        )
    ]
    assert Change.objects.get().user == person


def test_a_product_with_a_key_of_its_own_keeps_it_when_it_is_renamed(account):
    pk = create_product(account_id=account.pk, actor=Actor(), name="Fan", key="fan-1")

    edit_product(account_id=account.pk, actor=Actor(), product_id=pk, name="Wind")

    assert product(account, "fan-1")["name"] == "Wind"


def test_a_product_edit_that_changes_nothing_leaves_no_trace(account):
    assert not edit_product(
        account_id=account.pk,
        actor=Actor(),
        product_id=product_id(account, "ZESTER"),
        name="ZESTER",
        category_path="Fans/Havells/Ceiling Fans",
        tags=["Decorative"],
    )
    assert changes(account) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a#;b"}, "name"),
        ({"name": "\u0958" * 300}, "name"),
        ({"name": "Yorker"}, "name"),
        ({"category_path": "Fans//Table"}, "category_path"),
        ({"category_path": "/".join(["扇" * 180] * 5)}, "category_path"),
        ({"tags": ["two\nlines"]}, "tags"),
        ({"collections": ["c" * 201]}, "collections"),
    ],
)
def test_a_product_is_not_made_what_no_file_could_say(account, given, field):
    errors = refused(
        edit_product,
        account_id=account.pk,
        product_id=product_id(account, "ZESTER"),
        **{"tags": ["fine"], **given},
    )

    assert list(errors) == [field]


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


# Deleting


def test_a_deletion_keeps_everything_that_the_variant_was(account):
    stored = variant(account, SKU)
    gallery = set_id(account, "Gallery")
    values = stored.attributes, stored.property_sets

    delete_variant(account_id=account.pk, actor=Actor(), variant_id=stored.pk)

    assert not Variant.objects.filter(pk=stored.pk).exists()
    change = Change.objects.get()
    assert (change.label, change.object_id) == (SKU, stored.pk)
    assert change.get_action_display() == "deleted"
    fields = change.fields
    assert (fields["sku"], fields["price"], fields["active"]) == (SKU, "5830", True)
    assert (fields["attributes"], fields["property_sets"]) == values
    assert fields["product_id"] == stored.product_id
    assert len(fields["media"][str(gallery)]) == 1
    assert product(account, "ZESTER")["tags"] == ["Decorative"]


def test_a_product_is_deleted_with_its_variants_and_all_are_logged(account):
    delete_product(account_id=account.pk, actor=Actor(), product_id=product_id(account, "ZESTER"))

    assert sorted(products_of(account).values()) == ["Yorker", "Yorker"]
    assert [(change.label, change.get_kind_display()) for change in Change.objects.all()] == [
        (SKU, "variant"),
        ("FHCZESTPWC48", "variant"),
        ("FHCZESTSLS48", "variant"),
        ("ZESTER", "product"),
    ]
    assert counts(import_file(account, EXAMPLE)) == {"created": 3, "unchanged": 2}


def test_nothing_of_another_account_can_be_deleted(account, other):
    delete_variant(account_id=account.pk, actor=Actor(), variant_id=variant(other, SKU).pk)
    delete_product(account_id=account.pk, actor=Actor(), product_id=product_id(other, "ZESTER"))

    assert len(products_of(other)) == 5
    assert not Change.objects.exists()
