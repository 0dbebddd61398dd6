"""Google Merchant's feed and Medusa's export: a row an item, the product said in each."""

import pytest

from tests.catalog.importing.stored import details, product, products_of
from tests.catalog.layouts.files import assert_batches_do_not_matter, import_table
from tests.factories.accounts import AccountFactory
from tests.imports import counts, import_rows, issues, messages, outcomes

GOOGLE = ("id", "title", "link", "image_link", "price", "availability")
SHIRT = {
    "id": "S-1",
    "title": "Shirt red",
    "description": "A shirt",
    "link": "https://shop.example/s1",
    "image_link": "https://shop.example/1.jpg",
    "additional_image_link": "https://shop.example/2.jpg,https://shop.example/3.jpg",
    "price": "15.00 USD",
    "sale_price": "12.00 USD",
    "availability": "in_stock",
    "item_group_id": "G",
    "gtin": "4006381333931",
    "brand": "Acme",
    "color": "red",
    "product_type": "Home > Clothing",
    "google_product_category": "212",
    "shipping_weight": "1.5 kg",
}
BLUE = {**SHIRT, "id": "S-2", "title": "Shirt blue", "color": "blue", "gtin": "", "sale_price": ""}
LAMP = {**BLUE, "id": "L", "title": "Lamp", "item_group_id": "", "color": ""}


@pytest.fixture
def dollars(db):
    return AccountFactory.create(currency="USD")


def test_items_of_a_group_are_variants_of_a_product(dollars):
    upload = import_table(dollars, SHIRT, BLUE, LAMP, header=GOOGLE)

    assert (upload.layout, counts(upload)) == ("google_merchant_products", {"created": 3})
    assert products_of(dollars) == {"S-1": "G", "S-2": "G", "L": "L"}
    shop = product(dollars, "G")
    assert (shop["name"], shop["category"]) == ("Shirt red", "Home/Clothing")
    red = details(dollars, "S-1")
    assert (red["display_name"], red["ean"]) == ("Shirt red", "4006381333931")
    assert (str(red["price"]), str(red["list_price"])) == ("12.0000", "15.0000")
    assert str(red["weight_g"]) == "1500.000"
    assert red["attributes"] == {"color": "red"}
    assert red["property_sets"] == {"table details": {"brand": ["Acme"]}}
    assert len(red["media"]["media "]) == 3
    assert details(dollars, "S-2")["display_name"] == "Shirt blue"


def test_the_names_may_have_a_prefix_or_blanks(dollars):
    prefixed = {f"g:{name.replace('_', ' ')}": text for name, text in SHIRT.items()}

    assert counts(import_table(dollars, prefixed)) == {"created": 1}


@pytest.mark.parametrize("batch_rows", [1, 2_000])
def test_what_is_left_out_empties_nothing(dollars, batch_rows):
    import_table(dollars, SHIRT, BLUE, LAMP, header=GOOGLE)
    import_rows(dollars, ["SKU", "Display Name"], [["L", "The lamp"]])
    before = {sku: details(dollars, sku) for sku in ("S-1", "L")}

    damaged = {"gtin": "4.00638E+12", "product_type": ""}
    files = {"image_link": "1.jpg", "additional_image_link": ""}
    rows = [{**row, **damaged, **files} for row in (SHIRT, BLUE, LAMP)]
    upload = import_table(dollars, *rows, header=GOOGLE, blank_cells="clear", batch_rows=batch_rows)
    codes = [code for row, _, _, code in issues(upload) if row != 1]
    assert codes == ["spreadsheet_damage"] * 3

    assert {sku: details(dollars, sku) for sku in ("S-1", "L")} == before
    assert before["S-1"]["ean"] == "4006381333931"
    assert product(dollars, "G")["category"] == "Home/Clothing"
    blank = {**SHIRT, "gtin": "", "google_product_category": "", "product_type": ""}
    import_table(dollars, blank, header=GOOGLE, blank_cells="clear")
    assert (details(dollars, "S-1")["ean"], product(dollars, "G")["category"]) == ("", "")


def test_items_of_which_one_says_no_category_do_not_disagree(dollars):
    silent = {**BLUE, "product_type": ""}
    upload = import_table(dollars, SHIRT, silent, header=GOOGLE, blank_cells="clear")
    other = import_table(dollars, silent, SHIRT, header=GOOGLE, blank_cells="clear")

    assert "product_conflict" not in [code for *_, code in issues(upload)]
    assert product(dollars, "G")["category"] == "Home/Clothing"
    said = [text for text in messages(other) if "decides" in text]
    assert len(said) == 1
    assert said[0].isprintable()


def test_a_price_in_another_currency_is_told_so(account):
    upload = import_table(account, SHIRT, header=GOOGLE)

    assert (upload.status, counts(upload)) == ("failure", {"failed": 1})
    assert [issue for issue in issues(upload) if issue[0] == 2] == [
        (2, "price", "15.00 USD", "other_currency"),
        (2, "sale_price", "12.00 USD", "other_currency"),
    ]


@pytest.mark.django_db
def test_batches_do_not_matter():
    more = [{**BLUE, "id": f"S-{n}", "price": "5"} for n in range(10, 19)]

    assert_batches_do_not_matter(*more, {**LAMP, "price": "x"}, header=GOOGLE)


MEDUSA = ("Product Handle", "Product Title", "Variant Title", "Variant Sku")
MUG = {
    "Product Handle": "mug",
    "Product Title": "Mug",
    "Product Status": "published",
    "Product Description": "Holds tea",
    "Product Thumbnail": "https://m.example/mug.jpg",
    "Product Image 1": "https://m.example/mug.jpg",
    "Product Image 2": "https://m.example/side.jpg",
    "Product Tag 1": "tea",
    "Product Tag 2": "cup",
    "Variant Title": "Red",
    "Variant Sku": "MUG-R",
    "Variant Barcode": "1.22328E+11",
    "Variant Ean": "4006381333931",
    "Variant Hs Code": "6911",
    "Variant Option 1 Name": "colour",
    "Variant Option 1 Value": "red",
    "Variant Price EUR": "45",
    "Variant Price USD": "50",
}


def test_medusas_rows_are_variants_with_all_of_their_product(dollars):
    blue = {**MUG, "Variant Sku": "", "Variant Ean": "", "Variant Barcode": ""}

    upload = import_table(dollars, MUG, blue, header=MEDUSA)

    assert upload.layout == "medusa_products"
    assert outcomes(upload) == {2: "created", 3: "failed"}
    assert [issue for issue in issues(upload) if issue[0] == 3] == [
        (3, "Variant Sku", "", "missing_key")
    ]
    assert product(dollars, "mug")["tags"] == ["tea", "cup"]
    mug = details(dollars, "MUG-R")
    assert (mug["display_name"], mug["tax_number"], mug["active"]) == ("Red", "6911", True)
    assert (str(mug["price"]), mug["attributes"]) == ("50.0000", {"colour": "red"})
    assert mug["media"]["media "] == ["https://m.example/mug.jpg", "https://m.example/side.jpg"]
