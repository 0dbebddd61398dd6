"""What changes in the catalog mean for pictures that are there, beside asking for new ones."""

from collections.abc import Collection, Mapping
from typing import Final

from django.db import transaction

from accounts.models import Account
from imagery.following.touching import PHOTO
from imagery.image_sets.status import refresh
from imagery.image_sets.swatch_grids import ask_for_grids
from imagery.models import Decision, GeneratedImage
from imagery.planning import references
from imagery.recipes.variant_facts import variant_facts
from imagery.review.lapsing import lapse
from jobs import clock

#: What a swatch grid shows of a variant.
_IN_A_GRID: Final = frozenset({PHOTO, "title"})


def lapse_approvals(*, account: Account, touched: Mapping[str, frozenset[str]]) -> None:
    """Approvals of pictures that were made of another photo lapse. A SKU that has no photo any more
    keeps its pictures. Again, it finds nothing, whatever was approved anew in between.

    In transactions of its own, before new pictures are asked for: who decides on a picture locks
    that before the SKU, and who asks for pictures locks the SKU.
    """
    skus = _approved(account, [sku for sku, facts in touched.items() if PHOTO in facts])
    photos = {
        sku: known.photo
        for sku, known in variant_facts(account_id=account.pk, skus=skus).items()
        if known.photo is not None
    }
    if not photos:
        return
    # Settled, not looked up: an approval may soon be given for a photo that is yet to be fetched.
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        known = references.settle(account_id=account.pk, photos=photos.values(), at=clock.now())
    identities = {sku: known[photo.url].identity for sku, photo in photos.items()}
    lapse(account_id=account.pk, references=identities)


def _approved(account: Account, skus: Collection[str]) -> set[str]:
    """Those with an approved picture."""
    images = GeneratedImage.objects.for_account(account.pk).filter(decision=Decision.APPROVED)
    found = images.filter(sku__in=skus).order_by()
    return set(found.values_list("sku", flat=True)) if skus else set()


def settle(
    *, account: Account, touched: Mapping[str, frozenset[str]], new: Collection[str]
) -> None:
    """Of these SKUs: where the category changed another set may be needed, and grids that show them
    are drawn again.

    `new` ones may have pictures from before they were removed. A fixed number of queries, in the
    transaction of the caller, after new pictures were asked for.
    """
    moved = [sku for sku, facts in touched.items() if "category" in facts]
    refresh(account=account, skus=[*new, *moved])
    shown = [sku for sku, facts in touched.items() if facts & _IN_A_GRID]
    if new or shown:
        ask_for_grids(account=account, skus=[*new, *shown])
