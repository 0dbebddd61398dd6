"""Shopify's product CSV: one row a variant, some rows only a picture, the product said once."""

import pytest

from tests.catalog.importing.stored import details, eans, product, product_keys
from tests.catalog.layouts.files import assert_batches_do_not_matter, import_table
from tests.imports import catalog_of, counts, import_rows, issues, messages, outcomes

HEADER = (
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Barcode",
    "Image Src",
    "Variant Image",
    "Status",
)
MUG = {
    "Handle": "mug",
    "Title": "Mug",
    "Body (HTML)": "<p>Holds tea</p>",
    "Vendor": "Clay & Co",
    "Product Category": "Home & Garden > Cups/Mugs",
    "Tags": "Kitchen, Tea",
    "Published": "TRUE",
    "Status": "active",
    "Option1 Name": "Colour",
    "Option1 Value": "Red",
    "Option2 Name": "Size (ml)",
    "Option2 Value": "300",
    "Variant SKU": "MUG-R",
    "Variant Grams": "226.796185",
    "Variant Price": "9.50",
    "Variant Compare At Price": "12",
    "Variant Barcode": "4006381333931",
    "Image Src": "https://cdn.example/mug.jpg",
    "Variant Image": "https://cdn.example/red.jpg",
}
BLUE = {
    "Handle": "mug",
    "Option1 Value": "Blue",
    "Option2 Value": "300",
    "Variant SKU": "MUG-B",
    "Variant Price": "9.50",
    "Image Src": "https://cdn.example/side.jpg",
    "Variant Image": "https://cdn.example/blue.jpg",
}
PICTURE = {"Handle": "mug", "Image Src": "https://cdn.example/handle.jpg"}
HAT = {
    "Handle": "hat",
    "Title": "Hat",
    "Published": "TRUE",
    "Status": "draft",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant SKU": "HAT",
    "Variant Price": "20",
    "Variant Barcode": "1.22328E+11",
    "Image Src": "https://cdn.example/hat.jpg",
}


def test_options_are_attributes_and_what_the_product_says_stands_once(account):
    upload = import_table(account, MUG, BLUE, PICTURE, HAT, header=HEADER)

    assert outcomes(upload) == {2: "created", 3: "created", 4: "merged", 5: "created"}
    assert upload.layout == upload.extradata["layout"] == "shopify_products"
    assert product(account, "mug") == {
        "key": "mug",
        "name": "Mug",
        "category": "Home & Garden/Cups-Mugs",
        "tags": ["Kitchen", "Tea"],
        "collections": [],
    }
    red = details(account, "MUG-R")
    assert red["attributes"] == {"Colour": "Red", "Size (ml)": "300"}
    assert red["property_sets"] == {"table details": {"Vendor": ["Clay & Co"]}}
    assert red["description"] == "<p>Holds tea</p>"
    assert (str(red["price"]), str(red["list_price"])) == ("9.5000", "12.0000")
    assert str(red["weight_g"]) == "226.796"
    assert red["active"]
    blue = details(account, "MUG-B")
    assert (blue["product"], blue["description"]) == ("mug", "<p>Holds tea</p>")
    assert blue["attributes"] == {"Colour": "Blue", "Size (ml)": "300"}
    hat = details(account, "HAT")
    assert (hat["attributes"], hat["active"]) == ({}, False)


def test_the_first_variant_has_the_products_pictures_and_each_its_own(account):
    import_table(account, MUG, BLUE, PICTURE, HAT, header=HEADER)

    assert details(account, "MUG-R")["media"]["media "] == [
        "https://cdn.example/red.jpg",
        "https://cdn.example/mug.jpg",
        "https://cdn.example/side.jpg",
        "https://cdn.example/handle.jpg",
    ]
    assert details(account, "MUG-B")["media"]["media "] == ["https://cdn.example/blue.jpg"]
    assert details(account, "HAT")["media"]["media "] == ["https://cdn.example/hat.jpg"]


def test_a_barcode_that_a_spreadsheet_shortened_is_reported_and_not_stored(account):
    upload = import_table(account, MUG, HAT, header=HEADER)

    assert counts(upload) == {"created": 2}
    assert issues(upload) == [(3, "Variant Barcode", "1.22328E+11", "spreadsheet_damage")]
    assert "the barcode is left out" in messages(upload)[0]
    assert eans(account) == {"MUG-R": "4006381333931", "HAT": ""}


def test_what_has_no_place_is_said_once_and_stands_with_the_upload(account):
    upload = import_table(account, {**MUG, "Gift Card": "FALSE", "SEO Title": "Mugs"})

    assert upload.warnings == 1
    assert messages(upload) == [
        "Read as a file of Shopify products. 2 columns have no place in the catalog: "
        "'Gift Card', 'SEO Title'."
    ]
    assert upload.extradata["left_out_columns"] == ["Gift Card", "SEO Title"]


def test_an_issue_names_the_uploaders_own_column(account):
    upload = import_table(account, {**MUG, "Variant Price": "cheap"}, BLUE)

    assert issues(upload) == [(2, "Variant Price", "cheap", "invalid_number")]
    assert counts(upload) == {"created": 1, "failed": 1}
    assert details(account, "MUG-B")["attributes"] == {"Colour": "Blue", "Size (ml)": "300"}


def test_a_row_without_a_sku_is_told_which_column_lacks_it(account):
    upload = import_table(account, {**MUG, "Variant SKU": "", "Variant Barcode": ""})

    assert issues(upload) == [(2, "Variant SKU", "", "missing_key")]


def test_the_same_file_again_changes_nothing(account):
    import_table(account, MUG, BLUE, PICTURE, HAT, header=HEADER)
    before = catalog_of(account)

    again = import_table(account, MUG, BLUE, PICTURE, HAT, header=HEADER)

    assert counts(again) == {"unchanged": 3, "merged": 1}
    assert again.output["code"] == "nothing_changed"
    assert catalog_of(account) == before


@pytest.mark.django_db
def test_batches_do_not_matter():
    torn = {**PICTURE, "Handle": "nobody"}
    many = [{**BLUE, "Variant SKU": f"MUG-{n}", "Image Src": ""} for n in range(9)]
    bad = {**HAT, "Handle": "bad", "Variant Price": "much", "Variant SKU": "BAD"}

    assert_batches_do_not_matter(MUG, BLUE, PICTURE, PICTURE, *many, HAT, torn, bad, header=HEADER)


@pytest.mark.parametrize("options", [{"dry_run": True}, {"on_error": "abort"}], ids=str)
def test_merged_rows_count_in_every_kind_of_run(account, options):
    upload = import_table(account, MUG, PICTURE, BLUE, PICTURE, header=HEADER, **options)

    assert (upload.status, counts(upload)) == ("success", {"created": 2, "merged": 2})
    assert upload.warnings == 0


def test_a_file_whose_every_row_fails_but_for_pictures_is_a_failure(account):
    upload = import_table(account, {**MUG, "Variant Price": "much"}, PICTURE, header=HEADER)

    assert (upload.status, upload.output["code"]) == ("failure", "all_rows_failed")
    assert counts(upload) == {"failed": 1, "merged": 1}


def test_rows_of_a_product_that_stand_apart_are_told_so(account):
    upload = import_table(account, MUG, HAT, BLUE, PICTURE, header=HEADER)

    assert outcomes(upload) == {2: "created", 3: "created", 4: "failed", 5: "merged"}
    assert issues(upload)[1:] == [
        (4, "Option1 Value", "Blue", "group_torn"),
        (4, "Option2 Value", "300", "group_torn"),
    ]


def test_a_row_apart_from_its_product_empties_nothing_of_it(account):
    plain = {"Handle": "mug", "Variant SKU": "MUG-R", "Variant Price": "8"}
    import_table(account, MUG, header=HEADER)
    before = catalog_of(account)

    upload = import_table(account, plain, HAT, header=HEADER, dry_run=True)
    clearing = import_table(account, plain, header=HEADER, blank_cells="clear")

    assert outcomes(upload) == {2: "updated", 3: "created"}
    assert outcomes(clearing) == {2: "failed"}
    assert issues(clearing)[-1] == (2, "Title", "", "group_torn")
    assert catalog_of(account) == before


def test_a_picture_of_no_product_is_told_so(account):
    upload = import_table(account, HAT, PICTURE, header=HEADER)

    assert outcomes(upload) == {2: "created", 3: "failed"}
    assert issues(upload)[-1] == (3, "Image Src", PICTURE["Image Src"], "group_torn")


def test_a_row_that_is_damaged_keeps_the_name_of_its_column(account):
    header, rows = list(HEADER), [[MUG.get(name, "") for name in HEADER]]
    rows.append(["hat", "Hat\x07", *[""] * (len(HEADER) - 2)])
    rows.append(["hat", "too short"])

    upload = import_rows(account, header, rows)

    assert outcomes(upload) == {2: "created", 3: "failed", 4: "failed"}
    assert [(row, column, code) for row, column, _, code in issues(upload)] == [
        (3, "Title", "control_character"),
        (4, "", "ragged_row"),
    ]


def test_columns_of_the_newer_template_are_known_too(account):
    upload = import_table(
        account,
        {
            "Title": "Mug",
            "URL handle": "mug",
            "Description": "Holds tea",
            "Published on online store": "TRUE",
            "Status": "Active",
            "SKU": "MUG",
            "Barcode": "4006381333931",
            "Option1 name": "Colour",
            "Option1 value": "Red",
            "Price": "9.50",
            "Compare-at price": "12",
            "Weight value (grams)": "300",
            "Product image URL": "https://cdn.example/mug.jpg",
        },
    )

    assert counts(upload) == {"created": 1}
    mug = details(account, "MUG")
    assert (mug["product"], mug["attributes"]) == ("mug", {"Colour": "Red"})
    assert (str(mug["list_price"]), str(mug["weight_g"])) == ("12.0000", "300.000")


def test_the_layout_can_be_turned_off(account):
    upload = import_table(account, MUG, header=HEADER, layout="none")

    assert upload.layout == ""
    assert (upload.status, upload.output["code"]) == ("failure", "missing_key_column")
    assert product_keys(account) == []


def test_an_explicit_mapping_wins_over_recognition(account):
    upload = import_table(
        account,
        MUG,
        header=HEADER,
        mapping={"Variant SKU": "sku", "Title": "title", "Handle": "Variant #; handle"},
    )

    assert upload.layout == ""
    assert counts(upload) == {"created": 1}
    mug = details(account, "MUG-R")
    assert (mug["product"], mug["attributes"]) == ("Mug", {"handle": "mug"})
