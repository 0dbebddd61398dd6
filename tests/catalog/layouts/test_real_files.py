"""Catalog files as other people's shops export them, read where they lie: what becomes of each."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from catalog.models import Variant
from tests.catalog.importing.stored import details, eans, product, product_keys, products_of
from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, counts, import_file, issues, judgement_of, outcomes

FILES = Path(settings.BASE_DIR).parent / "shared" / "data" / "real"
BOOKS = ("die_books-ISO-8859-1.csv", "die_books-mac.csv", "die_books-unicode.tsv")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILES.is_dir(), reason="the reference files are not here"),
]


@pytest.fixture
def dollars():
    return AccountFactory.create(currency="USD")


def codes(upload):
    """How often each kind of issue was said, those of the file as a whole (row 1) included."""
    return Counter(code for _, _, _, code in issues(upload))


def of_rows(upload):
    return [issue for issue in issues(upload) if issue[0] != upload.header_row]


def test_shopifys_template(dollars):
    """17 rows: 16 variants of 3 products created, a picture merged, 16 barcodes reported."""
    upload = import_file(dollars, FILES / "shopify_product_template.csv")

    assert (upload.status, counts(upload)) == ("success", {"created": 16, "merged": 1})
    assert outcomes(upload)[17] == "merged"
    assert codes(upload) == {"ignored_header": 1, "spreadsheet_damage": 16}
    assert {column for _, column, _, _ in of_rows(upload)} == {"Variant Barcode"}
    assert set(eans(dollars).values()) == {""}
    assert product_keys(dollars) == ["example-hat", "example-pants", "example-shirt"]
    assert Counter(products_of(dollars).values()) == {
        "example-shirt": 12,
        "example-pants": 3,
        "example-hat": 1,
    }
    shirt = details(dollars, "SRT_COT_433")
    assert shirt["attributes"] == {"Color": "Purple", "Size": "L"}
    assert shirt["active"]
    pants = details(dollars, "PNT_DEN_285")
    assert (str(pants["weight_g"]), pants["active"]) == ("226.796", False)
    assert details(dollars, "HAT_GRY_275")["attributes"] == {}


def test_woocommerces_sample(dollars):
    """24 rows: 2 parents merged into their variations, 22 variants of 15 products created."""
    upload = import_file(dollars, FILES / "woocommerce_sample_products.csv")

    assert (upload.status, counts(upload)) == ("success", {"created": 22, "merged": 2})
    assert codes(upload) == {"ignored_header": 1}
    assert len(product_keys(dollars)) == 15
    hoodie = details(dollars, "cc-hoodie-red")
    assert (hoodie["product"], hoodie["attributes"]) == (
        "cc-hoodie",
        {"Color": "Red", "Logo": "No"},
    )
    assert (str(hoodie["price"]), str(hoodie["list_price"])) == ("42.0000", "45.0000")
    assert product(dollars, "cc-hoodie")["category"] == "Clothing/Hoodies"


def test_magentos_bags(dollars):
    """14 rows: 14 variants created, their attributes in the details."""
    upload = import_file(dollars, FILES / "magento2_products_gear_bags.csv")

    assert (upload.status, counts(upload)) == ("success", {"created": 14})
    assert codes(upload) == {"ignored_header": 1}
    tote = details(dollars, "24-WB05")
    assert (str(tote["price"]), str(tote["list_price"])) == ("24.0000", "32.0000")
    assert tote["property_sets"]["table details"]["features bags"] == [
        "Audio Pocket",
        "Lightweight",
    ]


def test_bagistos_products(dollars):
    """26 rows: a configurable one merged, 25 created; pictures are file names, so none."""
    upload = import_file(dollars, FILES / "bagisto_products.xlsx")

    assert (upload.status, counts(upload)) == ("success", {"created": 25, "merged": 1})
    assert outcomes(upload)[8] == "merged"
    assert codes(upload) == {"ignored_header": 1, "media_without_address": 1}
    green = details(dollars, "SP-007")
    assert (green["product"], green["attributes"]) == ("CP-001", {"color": "Green", "size": "M"})
    # Its sale for 17 ended on 15 February 2024.
    assert (str(green["price"]), green["list_price"]) == ("21.0000", None)


def test_bagistos_products_with_errors(dollars):
    """2 rows: one created, one of an unknown type failed."""
    upload = import_file(dollars, FILES / "bagisto_products-with-errors.csv")

    assert counts(upload) == {"created": 1, "failed": 1}
    assert of_rows(upload) == [(3, "type", "not-a-product-type", "unknown_row_type")]
    assert product_keys(dollars) == ["E2E-VALID-001"]


def test_unopims_thousand(dollars):
    """1,000 rows: 1,000 created, priced in the account's currency; again: nothing changes."""
    upload = import_file(dollars, FILES / "unopim_1k_products.xlsx")

    assert (upload.total_rows, counts(upload)) == (1_000, {"created": 1_000})
    assert codes(upload) == {"ignored_header": 1, "media_without_address": 1}
    book = details(dollars, "101")
    assert (str(book["price"]), book["active"]) == ("142.0000", True)
    assert book["property_sets"] == {"table details": {"color": ["Black"]}}
    again = import_file(dollars, FILES / "unopim_1k_products.xlsx")
    assert counts(again) == {"unchanged": 1_000}


def test_medusas_products_with_either_delimiter():
    """3 rows: all fail, for want of a SKU; both files the same."""
    judgements = []
    for name in ("comma", "semicolon"):
        account = AccountFactory.create(currency="USD")
        upload = import_file(account, FILES / f"medusa_exported-products-{name}.csv")
        judgements.append(judgement_of(upload))
        assert (upload.status, counts(upload)) == ("failure", {"failed": 3})
        assert of_rows(upload) == [(row, "Variant Sku", "", "missing_key") for row in (2, 3, 4)]
        assert product_keys(account) == []
    assert judgements[0] == judgements[1]


def test_missing_fields_without_a_mapping(dollars):
    """8 rows: none applied, because no column is known to be the key."""
    upload = import_file(dollars, FILES / "br_catalog_missing_fields.csv")

    assert (upload.status, counts(upload)) == ("failure", {"not_applied": 8})
    assert upload.output["code"] == "missing_key_column"
    assert "Found: 'product_id', 'name'" in upload.output["message"]
    assert not any(catalog_of(dollars).values())


def test_missing_fields_with_a_mapping(dollars):
    """8 rows: 6 created, one without a name and one without a key failed."""
    upload = import_file(
        dollars,
        FILES / "br_catalog_missing_fields.csv",
        mapping={
            "product_id": "sku",
            "name": "title",
            "size": "Variant #; size",
            "color": "Variant #; color",
        },
    )

    assert (upload.status, counts(upload)) == ("success", {"created": 6, "failed": 2})
    assert issues(upload) == [
        (3, "name", "", "required_to_create"),
        (9, "product_id", "", "missing_key"),
    ]
    assert details(dollars, "R125")["price"] is None
    assert details(dollars, "R126")["attributes"] == {"color": "Red"}


@pytest.mark.parametrize("name", BOOKS)
def test_books_need_a_mapping_and_say_so(dollars, name):
    """1 row: not applied, and the answer names the columns found and what to do."""
    upload = import_file(dollars, FILES / name)

    assert (upload.status, counts(upload)) == ("failure", {"not_applied": 1})
    assert upload.output["message"].endswith(
        "Found: 'id', 'name', 'author_email'. If one of them is it, map it to sku or ean."
    )


@pytest.mark.parametrize(
    ("name", "title"), list(zip(BOOKS, ("Merci à toi", "Some book", "Some bookš"), strict=True))
)
def test_books_are_taken_with_a_mapping_in_any_encoding(dollars, name, title):
    """1 row: created."""
    mapping = {"id": "sku", "name": "title", "author_email": ""}

    upload = import_file(dollars, FILES / name, mapping=mapping)

    assert (upload.status, counts(upload), issues(upload)) == ("success", {"created": 1}, [])
    assert Variant.objects.select_related("product").get().product.name == title


def test_stock_files_are_no_catalog(dollars):
    """Rows without a SKU, or of what is not in the catalog: every one failed, none stored."""
    shopify = import_file(dollars, FILES / "shopify_inventory_export_abhilasha.csv")
    magento = import_file(dollars, FILES / "magento_msi_stock_sources_sample.csv")

    assert (shopify.status, counts(shopify)) == ("failure", {"failed": 67})
    assert {code for row, _, _, code in of_rows(shopify)} == {"missing_key"}
    assert (magento.status, counts(magento)) == ("failure", {"failed": 4})
    assert {code for row, _, _, code in of_rows(magento)} == {"required_to_create"}
    assert product_keys(dollars) == []
