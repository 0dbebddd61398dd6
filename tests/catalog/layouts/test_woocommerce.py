"""WooCommerce's product CSV: what a parent row says goes to its variations."""

import pytest

from tests.catalog.importing.stored import details, product, products_of
from tests.catalog.layouts.files import assert_batches_do_not_matter, import_table
from tests.imports import catalog_of, counts, import_rows, issues, outcomes

HEADER = ("ID", "Type", "SKU", "Name", "Published", "Regular price", "Categories", "Parent")
TEE = {
    "ID": "7",
    "Type": "variable",
    "SKU": "tee",
    "Name": "T-Shirt",
    "Published": "1",
    "Description": "Soft",
    "Categories": "Clothing > Shirts, Summer, Clothing",
    "Tags": "new, cotton\\, organic",
    "Images": "https://a.example/tee.jpg, https://a.example/back,1.jpg",
    "Attribute 1 name": "Colour",
    "Attribute 1 value(s)": "Red, Blue",
    "Attribute 2 name": "Fabric",
    "Attribute 2 value(s)": "Cotton, Linen",
}
RED = {
    "ID": "8",
    "Type": "variation",
    "SKU": "tee-red",
    "Name": "T-Shirt - Red",
    "Published": "1",
    "Parent": "tee",
    "Regular price": "45",
    "Sale price": "42",
    "Weight (kg)": "0.25",
    "Length (cm)": "2.5",
    "Images": "https://a.example/red.jpg",
    "Attribute 1 name": "Colour",
    "Attribute 1 value(s)": "Red",
}
BLUE = {
    "ID": "9",
    "Type": "variation",
    "SKU": "tee-blue",
    "Name": "T-Shirt - Blue",
    "Published": "0",
    "Parent": "id:7",
    "Regular price": "45",
    "Attribute 1 name": "Colour",
    "Attribute 1 value(s)": "Blue",
}
CAP = {
    "ID": "10",
    "Type": "simple, virtual",
    "SKU": "cap",
    "Name": "T-Shirt",
    "Published": "-1",
    "Regular price": "5",
    "Categories": "Hats",
    "Attribute 1 name": "Brim",
    "Attribute 1 value(s)": "Wide, Soft",
}


def test_variations_take_from_their_parent_what_it_says_for_all(account):
    upload = import_table(account, TEE, RED, BLUE, CAP, header=HEADER)

    assert outcomes(upload) == {2: "merged", 3: "created", 4: "created", 5: "created"}
    assert upload.layout == "woocommerce_products"
    assert products_of(account) == {"tee-red": "tee", "tee-blue": "tee", "cap": "cap"}
    assert product(account, "tee") == {
        "key": "tee",
        "name": "T-Shirt",
        "category": "Clothing/Shirts",
        "tags": ["new", "cotton, organic"],
        "collections": ["Summer"],
    }
    red = details(account, "tee-red")
    assert (red["display_name"], red["description"]) == ("T-Shirt - Red", "Soft")
    assert red["attributes"] == {"Colour": "Red"}
    assert red["property_sets"] == {"table details": {"Fabric": ["Cotton", "Linen"]}}
    assert (str(red["price"]), str(red["list_price"])) == ("42.0000", "45.0000")
    assert (str(red["weight_g"]), str(red["length_mm"])) == ("250.000", "25.000")


def test_a_simple_product_stands_for_itself(account):
    import_table(account, TEE, RED, CAP, header=HEADER)

    cap = details(account, "cap")
    assert (cap["product"], cap["active"], cap["attributes"]) == ("cap", False, {})
    assert cap["property_sets"] == {"table details": {"Brim": ["Wide", "Soft"]}}


def test_a_simple_products_own_display_name_stays(account):
    import_table(account, TEE, RED, CAP, header=HEADER)
    import_rows(account, ["SKU", "Display Name"], [["cap", "The cap"]])
    dearer = {**CAP, "Regular price": "6"}
    upload = import_table(account, TEE, RED, dearer, header=HEADER, blank_cells="clear")

    assert outcomes(upload)[4] == "updated"
    assert details(account, "cap")["display_name"] == "The cap"


def test_the_parents_pictures_stand_with_its_first_variation_and_where_there_are_none(account):
    import_table(account, RED, BLUE, TEE, header=HEADER)

    shared = ["https://a.example/tee.jpg", "https://a.example/back,1.jpg"]
    red, blue = details(account, "tee-red"), details(account, "tee-blue")
    assert red["media"]["media "] == ["https://a.example/red.jpg", *shared]
    assert blue["media"]["media "] == shared
    assert not blue["active"]


def test_a_parent_may_stand_below_its_variations(account):
    upload = import_table(account, RED, BLUE, TEE, header=HEADER)

    assert outcomes(upload) == {2: "created", 3: "created", 4: "merged"}
    assert products_of(account) == {"tee-red": "tee", "tee-blue": "tee"}


def test_a_parent_without_variations_is_told_that_it_becomes_nothing(account):
    upload = import_table(account, TEE, CAP, header=HEADER)

    assert outcomes(upload) == {2: "failed", 3: "created"}
    assert issues(upload)[-1] == (2, "Type", "variable", "parent_without_rows")


def test_a_variation_whose_parent_is_elsewhere_updates_what_is_there(account):
    import_table(account, TEE, RED, header=HEADER)

    alone = import_table(
        account, {**RED, "Sale price": "40"}, {**BLUE, "Parent": "gone"}, header=HEADER
    )

    assert outcomes(alone) == {2: "updated", 3: "failed"}
    assert [issue for issue in issues(alone) if issue[0] != 1] == [
        (2, "Parent", "tee", "parent_missing"),
        (3, "Name", "", "required_to_create"),
        (3, "Parent", "gone", "parent_missing"),
    ]
    assert str(details(account, "tee-red")["price"]) == "40.0000"
    assert product(account, "tee")["category"] == "Clothing/Shirts"


def test_a_variation_without_its_parent_empties_nothing_of_the_product(account):
    import_table(account, TEE, RED, header=HEADER)
    before = catalog_of(account)

    alone = {**RED, "Sale price": "40", "Tags": "", "Description": ""}
    upload = import_table(account, alone, header=HEADER, blank_cells="clear")

    assert outcomes(upload) == {2: "failed"}
    assert issues(upload)[-1] == (2, "Parent", "tee", "parent_missing")
    assert catalog_of(account) == before


def test_with_its_parent_a_variations_blank_cells_empty(account):
    import_table(account, TEE, RED, header=HEADER)

    upload = import_table(account, {**TEE, "Tags": ""}, RED, header=HEADER, blank_cells="clear")

    assert outcomes(upload) == {2: "merged", 3: "updated"}
    assert product(account, "tee")["tags"] == []


def test_a_measure_that_is_no_number_is_told_so(account):
    upload = import_table(account, TEE, {**RED, "Weight (kg)": "light"}, header=HEADER)

    assert issues(upload)[-1] == (3, "Weight (kg)", "light", "invalid_number")


def test_measures_follow_the_uploads_decimal_comma(account):
    row = {**RED, "Weight (kg)": "0,25", "Length (cm)": "2,5"}

    import_table(account, TEE, row, header=HEADER, decimal_comma=True)

    stored = details(account, "tee-red")
    assert (str(stored["weight_g"]), str(stored["length_mm"])) == ("250.000", "25.000")


def test_a_measure_with_a_point_is_not_taken_as_it_stands_where_commas_are_decimal(account):
    """1.5 kg are no 1.5 grams."""
    upload = import_table(
        account, TEE, {**RED, "Weight (kg)": "1.5"}, header=HEADER, decimal_comma=True
    )

    assert outcomes(upload)[3] == "failed"
    assert (3, "Weight (kg)", "1.5", "invalid_number") in issues(upload)


def test_the_same_file_again_changes_nothing(account):
    import_table(account, TEE, RED, BLUE, CAP, header=HEADER)

    again = import_table(account, TEE, RED, BLUE, CAP, header=HEADER)

    assert counts(again) == {"unchanged": 3, "merged": 1}


@pytest.mark.django_db
def test_batches_do_not_matter():
    more = [{**RED, "ID": str(n), "SKU": f"tee-{n}"} for n in range(20, 29)]

    assert_batches_do_not_matter(RED, TEE, *more, {**TEE, "SKU": "x", "ID": "99"}, CAP, BLUE, TEE)
