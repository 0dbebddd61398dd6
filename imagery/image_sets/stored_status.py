"""The QA statuses of SKUs as they are stored, read for whole pages of the catalog at once."""

from collections.abc import Collection, Mapping

from bulk_sql import tables


def stored_statuses(*, account_id: int, skus: Collection[str]) -> Mapping[str, str]:
    """By SKU, of those that have one; one query."""
    ways = tables()
    rows = ways.select(
        "SELECT sku, qa_status FROM imagery_skuimagery "  # noqa: S608 - our own names
        f"WHERE account_id = %s AND sku {ways.in_list}",
        [account_id, ways.among(skus)],
    )
    return dict(rows)
