"""What one look-up a batch tells of the stored variants: enough to see that nothing changes."""

from collections.abc import Collection
from typing import NamedTuple

from catalog.writing.context import WriteContext

# A digest counts only while the change it belongs to is the object's newest.
_HEAD = """
SELECT v.sku, v.id, v.gtin, v.ean,
  CASE WHEN v.digest_change_id IS NOT DISTINCT FROM v.last_change_id THEN v.digest END,
  p.id, p.key, p.name,
  CASE WHEN p.digest_change_id IS NOT DISTINCT FROM p.last_change_id THEN p.digest END
FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id
WHERE v.account_id = %s AND """


class Head(NamedTuple):
    """Digests are None where they have lapsed."""

    sku: str
    id: int
    gtin: str | None
    ean: str
    digest: bytes | None
    product_id: int
    product_key: str
    product_name: str
    product_digest: bytes | None


def heads_by_sku(context: WriteContext, skus: Collection[str]) -> dict[str, Head]:
    if not skus:
        return {}
    tables = context.tables
    rows = tables.select(
        f"{_HEAD} v.sku {tables.in_list}", [context.account_id, tables.among(skus)]
    )
    return {row[0]: Head(*row) for row in rows}


def heads_by_gtin(context: WriteContext, gtins: Collection[str]) -> dict[str, Head]:
    if not gtins:
        return {}
    tables = context.tables
    rows = tables.select(
        f"{_HEAD} v.gtin {tables.in_list}", [context.account_id, tables.among(gtins)]
    )
    return {row[2]: Head(*row) for row in rows}
