"""Magento, Bagisto and UnoPim: configurable rows are merged, attributes become details."""

import pytest

from catalog.layouts.attribute_systems import pairs, place_in_shop, variations
from tests.catalog.importing.stored import details, product, products_of
from tests.catalog.layouts.files import assert_batches_do_not_matter, import_table, table
from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, counts, import_rows, issues, messages, outcomes

MAGENTO = (
    "sku",
    "store_view_code",
    "attribute_set_code",
    "product_type",
    "categories",
    "name",
    "description",
    "product_online",
    "price",
    "special_price",
    "base_image",
    "additional_images",
    "additional_attributes",
    "configurable_variations",
)
SMALL = {
    "sku": "MH01-S",
    "product_type": "simple",
    "categories": "Default Category/Men,Default Category/Men/Tops,Default Category/Sale",
    "name": "Hoodie-S",
    "product_online": "1",
    "price": "52",
    "special_price": "40",
    "additional_attributes": 'size=S,material=Cotton|Wool,note="a, b=c",climate=Cool, dry',
    "base_image": "https://m.example/s.jpg",
}
LARGE = {
    **SMALL,
    "sku": "MH01-L",
    "name": "Hoodie-L",
    "special_price": "",
    "product_online": "2",
    "additional_attributes": "size=L",
    "base_image": "/m/h/l.jpg",
}
FRENCH = {"sku": "MH01-S", "store_view_code": "fr", "name": "Sweat"}
HOODIE = {
    "sku": "MH01",
    "product_type": "configurable",
    "categories": "Default Category/Men/Tops",
    "name": "Hoodie",
    "description": "Warm",
    "product_online": "1",
    "base_image": "https://m.example/hoodie.jpg",
    "configurable_variations": "sku=MH01-S,size=S|sku=MH01-L,size=L",
}


def test_a_configurable_row_speaks_for_its_variants(account):
    upload = import_table(account, SMALL, FRENCH, LARGE, HOODIE, header=MAGENTO)

    assert outcomes(upload) == {2: "created", 3: "merged", 4: "created", 5: "merged"}
    assert upload.layout == "magento_products"
    assert product(account, "MH01") == {
        "key": "MH01",
        "name": "Hoodie",
        "category": "Men/Tops",
        "tags": [],
        "collections": [],
    }
    small = details(account, "MH01-S")
    assert (small["display_name"], small["description"]) == ("Hoodie-S", "Warm")
    assert (str(small["price"]), str(small["list_price"])) == ("40.0000", "52.0000")
    assert small["attributes"] == {"size": "S"}
    assert small["property_sets"] == {
        "table details": {
            "material": ["Cotton", "Wool"],
            "note": ["a, b=c"],
            "climate": ["Cool, dry"],
        }
    }
    assert small["media"]["media "] == ["https://m.example/s.jpg", "https://m.example/hoodie.jpg"]
    large = details(account, "MH01-L")
    assert (large["attributes"], large["active"], large["media"]) == ({"size": "L"}, False, {})


def test_a_translation_above_the_row_itself_is_merged_into_it(account):
    """Magento's own row is the one without a store view, wherever it stands."""
    german = {**FRENCH, "store_view_code": "de"}
    hoodie = {**HOODIE, "store_view_code": "fr", "name": "Sweat", "categories": ""}

    upload = import_table(account, german, FRENCH, SMALL, hoodie, LARGE, HOODIE, header=MAGENTO)

    assert outcomes(upload) == {
        2: "merged",
        3: "merged",
        4: "created",
        5: "merged",
        6: "created",
        7: "merged",
    }
    assert (product(account, "MH01")["name"], product(account, "MH01")["category"]) == (
        "Hoodie",
        "Men/Tops",
    )
    assert details(account, "MH01-S")["display_name"] == "Hoodie-S"


def test_a_translation_is_not_the_product_where_that_cannot_be_read(account):
    header, rows = table(SMALL, FRENCH, LARGE, header=MAGENTO)
    rows[0].append("a comma too many")
    upload = import_rows(account, header, rows)

    assert outcomes(upload) == {2: "failed", 3: "failed", 4: "created"}
    assert (3, "store_view_code", "fr", "parent_missing") in issues(upload)
    assert products_of(account) == {"MH01-L": "MH01-L"}


def test_a_translated_parent_says_nothing_where_the_parent_cannot_be_read(account):
    import_table(account, SMALL, LARGE, HOODIE, header=MAGENTO)
    french = {**HOODIE, "store_view_code": "fr", "name": "Sweat", "categories": "Homme"}
    header, rows = table(HOODIE, french, SMALL, LARGE, header=MAGENTO)
    rows[0].append("a comma too many")
    upload = import_rows(account, header, rows)

    assert (outcomes(upload)[2], outcomes(upload)[3]) == ("failed", "failed")
    assert (4, "sku", "MH01", "parent_missing") in issues(upload)
    assert product(account, "MH01")["name"] == "Hoodie"


def test_a_file_of_one_store_view_is_taken_as_it_is(account):
    upload = import_table(account, {**SMALL, "store_view_code": "fr"}, FRENCH, header=MAGENTO)

    assert outcomes(upload)[2] == "created"
    assert issues(upload)[-1] == (3, "sku", "MH01-S", "repeated_key")


def test_pictures_in_the_shops_own_folders_are_said_once(account):
    upload = import_table(account, SMALL, LARGE, HOODIE, header=MAGENTO)

    assert [message for message in messages(upload) if "picture" in message] == [
        "1 picture is given as a file name such as '/m/h/l.jpg', not as a web address: left out."
    ]


def test_what_is_left_out_empties_nothing(account):
    import_table(account, SMALL, LARGE, HOODIE, header=MAGENTO)
    import_rows(account, ["SKU", "Display Name"], [["MH01-S", "Warm and small"]])

    alone = {**SMALL, "base_image": "/m/h/s.jpg", "special_price": "", "categories": ""}
    upload = import_table(account, alone, header=MAGENTO, blank_cells="clear")

    assert outcomes(upload) == {2: "updated"}
    small = details(account, "MH01-S")
    assert small["media"]["media "][0] == "https://m.example/s.jpg"
    assert (small["display_name"], small["list_price"]) == ("Warm and small", None)

    blank = {**alone, "base_image": ""}
    assert outcomes(import_table(account, blank, header=MAGENTO, blank_cells="clear"))
    assert details(account, "MH01-S")["media"] == {}


def test_the_same_sku_twice_in_one_shop_is_no_translation(account):
    upload = import_table(account, SMALL, SMALL, HOODIE, header=MAGENTO)

    assert outcomes(upload) == {2: "created", 3: "failed", 4: "merged"}
    assert issues(upload)[-1] == (3, "sku", "MH01-S", "repeated_key")


def test_a_configurable_row_without_variants_becomes_nothing(account):
    upload = import_table(account, LARGE, {**HOODIE, "configurable_variations": ""}, header=MAGENTO)

    assert outcomes(upload) == {2: "created", 3: "failed"}
    assert issues(upload)[-1] == (3, "product_type", "configurable", "parent_without_rows")
    assert products_of(account) == {"MH01-L": "MH01-L"}


@pytest.mark.django_db
def test_batches_do_not_matter():
    more = [{**LARGE, "sku": f"P-{n}", "additional_attributes": f"fit={n}"} for n in range(8)]

    assert_batches_do_not_matter(SMALL, FRENCH, LARGE, *more, HOODIE, FRENCH, header=MAGENTO)
    assert_batches_do_not_matter(FRENCH, LARGE, *more, SMALL, HOODIE, header=MAGENTO)


BAGISTO = ("sku", "parent_sku", "locale", "attribute_family_code", "type", "url_key", "status")
JACKET = {
    "sku": "CP",
    "locale": "en",
    "type": "configurable",
    "name": "Jacket",
    "categories": "Men/Winter",
    "status": "1",
    "images": "6.webp,7.webp",
    "configurable_variants": "sku=SP-1,color=Green,size=M",
}
GREEN = {
    "sku": "SP-1",
    "parent_sku": "CP",
    "locale": "en",
    "type": "simple",
    "name": "Jacket-Green-M",
    "price": "14",
    "status": "1",
}


def test_a_row_of_bagisto_names_its_parent(account):
    german = {**GREEN, "locale": "de", "name": "Jacke"}
    odd = {**GREEN, "sku": "ODD", "parent_sku": "", "type": "not-a-type"}

    upload = import_table(account, JACKET, GREEN, german, odd, header=BAGISTO)

    assert outcomes(upload) == {2: "merged", 3: "created", 4: "merged", 5: "failed"}
    assert issues(upload)[-1] == (5, "type", "not-a-type", "unknown_row_type")
    green = details(account, "SP-1")
    assert (green["product"], green["attributes"]) == ("CP", {"color": "Green", "size": "M"})
    assert product(account, "CP")["category"] == "Men/Winter"


def test_a_variant_without_its_parent_empties_nothing_of_the_product(account):
    import_table(account, JACKET, GREEN, header=BAGISTO)
    before = catalog_of(account)

    alone = {**GREEN, "price": "15", "categories": ""}
    upload = import_table(account, alone, header=BAGISTO, blank_cells="clear")

    assert outcomes(upload) == {2: "failed"}
    assert issues(upload)[-1] == (2, "parent_sku", "CP", "parent_missing")
    assert catalog_of(account) == before


UNOPIM = ("channel", "locale", "sku", "status", "type", "parent", "attribute_family")
BOOK = {
    "channel": "default",
    "locale": "en_US",
    "sku": "101",
    "status": "true",
    "type": "simple",
    "name": "Kitaab",
    "price (USD)": "142",
    "color": "Black",
}


@pytest.mark.django_db
def test_unopims_price_is_the_one_in_the_accounts_currency():
    dollars = AccountFactory.create(currency="USD")
    rupees = AccountFactory.create(currency="INR")

    import_table(dollars, BOOK, header=UNOPIM)
    upload = import_table(rupees, BOOK, header=UNOPIM)

    assert str(details(dollars, "101")["price"]) == "142.0000"
    assert details(dollars, "101")["property_sets"] == {"table details": {"color": ["Black"]}}
    assert counts(upload) == {"created": 1}
    assert details(rupees, "101")["price"] is None
    assert [issue[3] for issue in issues(upload)] == ["ignored_header", "other_currency"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("no pairs", {}),
        ("a=1", {"a": "1"}),
        ("a=1,b=", {"a": "1", "b": ""}),
        ("a=x, y,b=2", {"a": "x, y", "b": "2"}),
        ('a="q ""r"", s",b=2', {"a": 'q "r", s', "b": "2"}),
    ],
)
def test_packed_attributes_are_taken_apart(text, expected):
    assert pairs(text) == expected


def test_variations_are_known_by_their_sku():
    assert variations("sku=A,color=Red|color=Blue|sku=B") == {"A": {"color": "Red"}, "B": {}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("", "")),
        ("Default Category", ("Default Category", "")),
        ("Default Category/Gear,Default Category/Gear/Bags", ("Gear/Bags", "")),
        ("Gear\nBags\n", ("Gear", "Bags")),
        ("A/B|C/D|A", ("A/B", "C/D")),
    ],
)
def test_the_first_of_the_deepest_categories_is_the_products(text, expected):
    assert place_in_shop(text) == expected
