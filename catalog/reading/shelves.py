"""The tags and collections of products, each product's list in its own order."""

from collections.abc import Collection

from bulk_sql import tables


def tags_of(product_ids: Collection[int]) -> dict[int, list[str]]:
    """By product id; a product without tags is not in it. One query."""
    return _grouped(
        "SELECT l.product_id, t.name FROM catalog_producttag l "
        "JOIN catalog_tag t ON t.id = l.tag_id",
        product_ids,
    )


def collections_of(product_ids: Collection[int]) -> dict[int, list[str]]:
    """By product id; a product without collections is not in it. One query."""
    return _grouped(
        "SELECT l.product_id, c.name FROM catalog_productcollection l "
        "JOIN catalog_collection c ON c.id = l.collection_id",
        product_ids,
    )


def _grouped(select: str, product_ids: Collection[int]) -> dict[int, list[str]]:
    # Written out, here and in the other modules of a page: for the ORM to put such a query
    # together takes several times as long as for the database to answer it.
    ways = tables()
    rows = ways.select(
        f"{select} WHERE l.product_id {ways.in_list} ORDER BY l.position",
        [ways.among(product_ids)],
    )
    found: dict[int, list[str]] = {}
    for product_id, name in rows:
        found.setdefault(product_id, []).append(name)
    return found
