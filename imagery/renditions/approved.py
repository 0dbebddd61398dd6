"""Which images are approved of many SKUs, their own and those of their products: one query."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bulk_sql import tables
from imagery.models import Role

#: Most accounts ask for a page of SKUs and have no images at all: that is looked at first. In
#: SQLite, the expression around the decision keeps it from walking all that is approved.
_SELECT: Final = """
SELECT a.uuid, i.sku, i.role, i.sha256
FROM imagery_generatedimage i JOIN accounts_account a ON a.id = i.account_id
WHERE {any} AND i.account_id = %s AND i.sku {in_list} AND i.decision || '' = 'approved'
UNION ALL
SELECT a.uuid, v.sku, i.role, i.sha256
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


@dataclass(frozen=True, slots=True)
class ApprovedImage:
    """The current image of a SKU and role; `account` is the UUID of its account."""

    account: UUID
    sku: str
    role: str
    sha256: str


def approved_images(
    *, account_id: int, skus: Collection[str]
) -> Mapping[str, Sequence[ApprovedImage]]:
    """By SKU, in the order of roles."""
    ways = tables()
    among = ways.among(skus)
    rows = ways.select(
        _SELECT.format(any=_ANY, in_list=ways.in_list),
        [account_id, account_id, among, account_id, account_id, among],
    )
    found: dict[str, list[ApprovedImage]] = {}
    for account, sku, role, sha256 in sorted(rows, key=lambda row: _ORDER[row[2]]):
        image = ApprovedImage(UUID(str(account)), sku, role, sha256)
        found.setdefault(sku, []).append(image)
    return found
