"""After the last row: products that a file has emptied are renamed or removed."""

from collections.abc import Sequence

from catalog.writing import products
from catalog.writing.context import WriteContext
from catalog.writing.drafts import ProductDraft
from catalog.writing.products import StoredProduct
from catalog.writing.taxonomy import Taxonomy

_STEP = 200


def settle_emptied_products(context: WriteContext, taxonomy: Taxonomy, *, upload_id: int) -> bool:
    """Settle some of the products that variants have left; False when none is left to look at.

    A product that this upload created and that holds exactly all former variants of one emptied
    product is that product renamed: it keeps its id. Any other emptied product is removed.
    """
    left = [
        row[0]
        for row in context.tables.select(
            "SELECT DISTINCT from_product_id FROM catalog_departure "
            "WHERE upload_id = %s ORDER BY from_product_id LIMIT %s",
            [upload_id, _STEP],
        )
    ]
    if not left:
        return False
    emptied = _without_variants(context, left)
    stored = products.load_products(context, emptied)
    heirs = _heirs(context, emptied, upload_id=upload_id)
    heir_products = products.load_products(context, sorted(heirs.values()))
    renamed = {
        former: heir_products[heir] for former, heir in heirs.items() if heir in heir_products
    }
    _rename(context, taxonomy, [(stored[former], heir) for former, heir in renamed.items()])
    products.remove_products(
        context, [stored[product_id] for product_id in emptied if product_id not in renamed]
    )
    tables = context.tables
    tables.execute(
        "DELETE FROM catalog_departure "  # noqa: S608 - our own names
        f"WHERE upload_id = %s AND from_product_id {tables.in_list}",
        [upload_id, tables.among(left)],
    )
    return True


def _without_variants(context: WriteContext, product_ids: Sequence[int]) -> list[int]:
    tables = context.tables
    rows = tables.select(
        "SELECT p.id FROM catalog_product p "  # noqa: S608 - our own names
        f"WHERE +p.account_id = %s AND p.id {tables.in_list} AND NOT EXISTS "
        "(SELECT 1 FROM catalog_variant v WHERE v.product_id = p.id) ORDER BY p.id",
        [context.account_id, tables.among(product_ids)],
    )
    return [row[0] for row in rows]


def _heirs(context: WriteContext, emptied: Sequence[int], *, upload_id: int) -> dict[int, int]:
    """Emptied product -> the product this upload created of exactly its former variants."""
    if not emptied:
        return {}
    tables = context.tables
    rows = tables.select(
        "SELECT d.from_product_id, v.product_id, count(*), "  # noqa: S608 - our own names
        "(SELECT count(*) FROM catalog_variant w WHERE w.product_id = v.product_id), "
        "h.created_by_upload_id "
        "FROM catalog_departure d JOIN catalog_variant v ON v.id = d.variant_id "
        "JOIN catalog_product h ON h.id = v.product_id "
        f"WHERE d.upload_id = %s AND d.from_product_id {tables.in_list} "
        "GROUP BY d.from_product_id, v.product_id, h.created_by_upload_id",
        [upload_id, tables.among(emptied)],
    )
    destinations: dict[int, list[tuple[int, bool]]] = {}
    for former, heir, moved, held, created_by in rows:
        is_whole = moved == held and created_by == upload_id
        destinations.setdefault(former, []).append((heir, is_whole))
    return {
        former: found[0][0]
        for former, found in destinations.items()
        if len(found) == 1 and found[0][1]
    }


def _rename(
    context: WriteContext, taxonomy: Taxonomy, pairs: Sequence[tuple[StoredProduct, StoredProduct]]
) -> None:
    """Each heir's variants and values go to the former product; the heir never was."""
    if not pairs:
        return
    tables = context.tables
    former_of = {heir.id: former for former, heir in pairs}
    heirs = tables.among(list(former_of))
    digests = dict(
        tables.select(f"SELECT id, digest FROM catalog_product WHERE id {tables.in_list}", [heirs])  # noqa: S608 - our own names
    )
    variants = tables.select(
        "SELECT id, product_id FROM catalog_variant "  # noqa: S608 - our own names
        f"WHERE product_id {tables.in_list} ORDER BY id {tables.for_update}",
        [heirs],
    )
    tables.update(
        "catalog_variant", ("product_id",), [(pk, former_of[heir].id) for pk, heir in variants]
    )
    for table, column in (
        ("catalog_producttag", "product_id"),
        ("catalog_productcollection", "product_id"),
        ("catalog_product", "id"),
    ):
        tables.execute(f"DELETE FROM {table} WHERE {column} {tables.in_list}", [heirs])  # noqa: S608 - our own names
    updates = [
        products.compare(former, _values_of(heir, digests[heir.id])) for former, heir in pairs
    ]
    products.update_products(context, taxonomy, updates)


def _values_of(heir: StoredProduct, digest: bytes | None) -> ProductDraft:
    return ProductDraft(
        key=heir.key,
        name=heir.name,
        category=heir.category,
        tags=heir.tags,
        collections=heir.collections,
        digest=bytes(digest) if digest is not None else None,
    )
