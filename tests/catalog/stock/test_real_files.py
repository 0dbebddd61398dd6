"""Stock files as other people's shops export them, read where they lie."""

from pathlib import Path

import pytest
from django.conf import settings

from catalog.stock.processor import STOCK_PROCESSOR
from tests.catalog.stock.stocking import levels_of, variants
from tests.factories.accounts import AccountFactory
from tests.imports import counts, import_file, issues

FILES = Path(settings.BASE_DIR).parent / "shared" / "data" / "real"
MAGENTO = FILES / "magento_msi_stock_sources_sample.csv"
SHOPIFY = FILES / "shopify_inventory_export_abhilasha.csv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILES.is_dir(), reason="the reference files are not here"),
]


def test_magentos_sample_with_its_variants_in_the_catalog():
    """4 rows read, 4 levels created at three sources."""
    account = AccountFactory.create()
    variants(account, "sku1", "sku2", "sku3", "sku4")

    upload = import_file(account, MAGENTO, processor_name=STOCK_PROCESSOR)

    assert counts(upload) == {"created": 4}
    assert levels_of(account) == {
        ("sku1", "default"): "10.1",
        ("sku2", "default"): "10.55",
        ("sku3", "source-1"): "10",
        ("sku4", "source-2"): "15",
    }
    assert [(row, code) for row, _, _, code in issues(upload)] == [
        (2, "new_location"),
        (4, "new_location"),
        (5, "new_location"),
    ]


def test_magentos_sample_without_its_variants():
    """4 rows read, 4 failed: the SKUs are not in the catalog."""
    account = AccountFactory.create()

    upload = import_file(account, MAGENTO, processor_name=STOCK_PROCESSOR)

    assert (upload.status, counts(upload)) == ("failure", {"failed": 4})
    assert issues(upload) == [(row, "sku", f"sku{row - 1}", "unknown_sku") for row in (2, 3, 4, 5)]


def test_a_shopify_shop_that_gave_its_variants_no_skus():
    """67 rows read, 67 failed: without a SKU nothing says which variant a row is about."""
    account = AccountFactory.create()

    upload = import_file(account, SHOPIFY, processor_name=STOCK_PROCESSOR)

    assert (upload.status, counts(upload)) == ("failure", {"failed": 67})
    # What Shopify says beside the quantity is known, and no column is a surprise but one.
    assert issues(upload)[0] == (1, "On hand", "On hand", "ignored_header")
    assert issues(upload)[1:] == [(row, "SKU", "", "missing_key") for row in range(2, 69)]
    assert levels_of(account) == {}
