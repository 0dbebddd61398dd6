"""What is deleted is kept in the change log, whole."""

import pytest

from catalog.editing import (
    delete_product,
    delete_variant,
)
from catalog.models import (
    Change,
    Variant,
)
from catalog.writing.context import Actor
from tests.catalog.editing.edits import EXAMPLE, SKU, product_id, set_id
from tests.catalog.importing.stored import product, products_of, variant
from tests.imports import counts, import_file

pytestmark = pytest.mark.django_db


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
