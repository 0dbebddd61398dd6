"""Approved images as media of variants: what the catalog shows and exports of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from accounts.models import Account
from bulk_sql import tables
from imagery.models import Role
from imagery.renditions.addresses import addresses_of, rendition_path

#: Most accounts ask for a page of SKUs and have no images at all: that is looked at first. In
#: SQLite, the expression around the decision keeps it from walking all that is approved.
_SELECT: Final = """
SELECT a.uuid, i.sku, i.role
FROM imagery_generatedimage i JOIN accounts_account a ON a.id = i.account_id
WHERE {any} AND i.account_id = %s AND i.sku {in_list} AND i.decision || '' = 'approved'
UNION ALL
SELECT a.uuid, v.sku, i.role
FROM catalog_variant v
JOIN catalog_product p ON p.id = v.product_id
JOIN imagery_generatedimage i ON i.account_id = v.account_id
  AND i.product_key = p.key AND NOT (i.product_key = '') AND i.decision || '' = 'approved'
JOIN accounts_account a ON a.id = v.account_id
WHERE {any} AND v.account_id = %s AND v.sku {in_list}
"""
_ANY: Final = (
    "EXISTS (SELECT 1 FROM imagery_generatedimage WHERE account_id = %s AND decision = 'approved')"
)
_ORDER: Final = {role.value: place for place, role in enumerate(Role)}


class ApprovedImages:
    """In the order of roles, those of the product among them."""

    def paths(self, *, account_id: int, skus: Collection[str]) -> Mapping[str, Sequence[str]]:
        ways = tables()
        among = ways.among(skus)
        rows = ways.select(
            _SELECT.format(any=_ANY, in_list=ways.in_list),
            [account_id, account_id, among, account_id, account_id, among],
        )
        found: dict[str, list[str]] = {}
        for account, sku, role in sorted(rows, key=lambda row: _ORDER[row[2]]):
            path = rendition_path(account=UUID(str(account)), sku=sku, role=role)
            found.setdefault(sku, []).append(path)
        return found

    def mark(self, account: Account) -> str:
        return addresses_of(account.uuid)
