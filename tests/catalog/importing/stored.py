"""What is stored of one variant or product, by what things are called."""

from typing import Any

from accounts.models import Account
from catalog.models import Change, Product, Variant
from tests.imports import catalog_of


def variant(account: Account, sku: str) -> Variant:
    return Variant.objects.select_related("product").get(account=account, sku=sku)


def details(account: Account, sku: str) -> dict[str, Any]:
    """The variant with its attributes, property sets and media by name."""
    (found,) = [row for row in catalog_of(account)["variants"] if row["sku"] == sku]
    return found


def prices(account: Account) -> dict[str, Any]:
    return {variant.sku: variant.price for variant in Variant.objects.filter(account=account)}


def eans(account: Account) -> dict[str, str]:
    return dict(Variant.objects.filter(account=account).values_list("sku", "ean"))


def products_of(account: Account) -> dict[str, str]:
    """Product keys by SKU."""
    return dict(Variant.objects.filter(account=account).values_list("sku", "product__key"))


def product(account: Account, key: str) -> dict[str, Any]:
    names = ("key", "name", "category", "tags", "collections")
    (found,) = [row for row in catalog_of(account)["products"] if row[0] == key]
    return dict(zip(names, found, strict=False))


def product_keys(account: Account) -> list[str]:
    return sorted(Product.objects.filter(account=account).values_list("key", flat=True))


def changes(account: Account) -> list[tuple[Any, ...]]:
    """(kind, name, action, n-th upload, row, fields) of every change."""
    return catalog_of(account)["changes"]


def change_count(account: Account) -> int:
    return Change.objects.filter(account=account).count()
