"""How the SKUs stand once something about their images has changed."""

from collections.abc import Collection

from imagery.models import GeneratedImage
from imagery.review import tickets
from imagery.review.tickets import Subject


def refresh(images: Collection[GeneratedImage]) -> None:
    """Of the images, which are of one account: tickets and QA status, in the same transaction."""
    if not images:
        return
    account_id = next(iter(images)).account_id
    subjects = {Subject(image.sku, image.product_key) for image in images}
    tickets.refresh(account_id=account_id, subjects=subjects)
