"""The tags and collections of products, each product's list in its own order."""

from collections.abc import Collection, Iterable

from catalog.models import ProductCollection, ProductTag


def tags_of(product_ids: Collection[int]) -> dict[int, list[str]]:
    """By product id; a product without tags is not in it. One query."""
    return _grouped(
        ProductTag.objects.filter(product_id__in=product_ids)
        .order_by("position")
        .values_list("product_id", "tag__name")
    )


def collections_of(product_ids: Collection[int]) -> dict[int, list[str]]:
    """By product id; a product without collections is not in it. One query."""
    return _grouped(
        ProductCollection.objects.filter(product_id__in=product_ids)
        .order_by("position")
        .values_list("product_id", "collection__name")
    )


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for product_id, name in rows:
        found.setdefault(product_id, []).append(name)
    return found
