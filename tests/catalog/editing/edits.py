"""Edits by what things are called, and refusals that are made sure to have written nothing."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import Account
from catalog.editing import edit_variant
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
from tests.catalog.importing.stored import variant

EXAMPLE = Path(__file__).parents[3] / "examples" / "havells-fans.csv"
SKU = "FHCZESTDUB48"
EAN = "4006381333931"


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
