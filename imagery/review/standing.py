"""How the SKUs stand once something about their images has changed."""

from collections.abc import Collection, Sequence

from imagery.engine.events import on_image_saved
from imagery.image_sets import status
from imagery.models import GeneratedImage
from imagery.review import tickets
from imagery.review.tickets import Subject


def register() -> None:
    """New images wait for review. How their SKUs stand is told by the engine itself."""
    on_image_saved(_await_review)


def refresh(images: Collection[GeneratedImage]) -> None:
    """Of the images, which are of one account: tickets and QA status, in the same transaction."""
    if not images:
        return
    account = next(iter(images)).account
    tickets.refresh(account_id=account.pk, subjects=_subjects(images))
    status.refresh(
        account=account,
        skus={image.sku for image in images} - {""},
        product_keys={image.product_key for image in images} - {""},
    )


def _await_review(images: Sequence[GeneratedImage]) -> None:
    to_review = [image for image in images if image.role and not image.is_placeholder]
    if to_review:
        account_id = to_review[0].account_id
        tickets.refresh(account_id=account_id, subjects=_subjects(to_review))


def _subjects(images: Collection[GeneratedImage]) -> set[Subject]:
    return {Subject(image.sku, image.product_key) for image in images}
