"""What a file does about the edits that were made since it was last imported."""

from decimal import Decimal

import pytest

from catalog.editing import (
    delete_variant,
    edit_product,
)
from catalog.models import (
    Product,
    Variant,
)
from catalog.writing.context import Actor
from tests.catalog.editing.edits import (
    EAN,
    EXAMPLE,
    SKU,
    edit,
    product_id,
    set_id,
)
from tests.catalog.importing.stored import details, product, variant
from tests.imports import catalog_of, counts, import_file, import_rows, outcomes

pytestmark = pytest.mark.django_db


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
