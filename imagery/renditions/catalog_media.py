"""Approved images as media of variants: what the catalog shows and exports of them."""

from collections.abc import Collection, Mapping, Sequence

from accounts.models import Account
from imagery.renditions.addresses import addresses_of, rendition_path
from imagery.renditions.approved import approved_images


class ApprovedImages:
    """In the order of roles, those of the product among them."""

    def paths(self, *, account_id: int, skus: Collection[str]) -> Mapping[str, Sequence[str]]:
        return {
            sku: [
                rendition_path(account=image.account, sku=sku, role=image.role) for image in images
            ]
            for sku, images in approved_images(account_id=account_id, skus=skus).items()
        }

    def mark(self, account: Account) -> str:
        return addresses_of(account.uuid)
