"""The catalog's variants say how it stands with their images."""

from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.imagery import SkuImageryFactory


def test_variants_have_the_status_that_is_stored_for_their_sku(caller):
    product = ProductFactory(account=caller.account)
    VariantFactory(product=product, sku="A")
    VariantFactory(product=product, sku="B")
    SkuImageryFactory(account=caller.account, sku="A", qa_status="pending_review")
    SkuImageryFactory(sku="B", qa_status="approved")  # another account's

    (document,) = caller.data("/products")

    said = {variant["sku"]: variant["qa_status"] for variant in document["variants"]}
    assert said == {"A": "pending_review", "B": "not_requested"}
    assert caller.data("/variants/A")["qa_status"] == "pending_review"
    assert caller.data("/variants", sku="B")["qa_status"] == "not_requested"
