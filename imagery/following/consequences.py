"""What changes in the catalog mean for pictures that are there, beside asking for new ones."""

from collections.abc import Collection, Mapping
from typing import Final

from accounts.models import Account
from imagery.following.touching import PHOTO
from imagery.image_sets.status import refresh
from imagery.image_sets.swatch_grids import ask_for_grids
from imagery.planning import references
from imagery.recipes.variant_facts import variant_facts
from imagery.review.lapsing import lapse

#: What a swatch grid shows of a variant.
_IN_A_GRID: Final = frozenset({PHOTO, "title"})


def lapse_approvals(*, account: Account, touched: Mapping[str, frozenset[str]]) -> None:
    """Approvals of pictures that were made of another photo lapse. A SKU that has no photo any more
    keeps its pictures. Again, it finds nothing.

    In a transaction of its own, before new pictures are asked for: who decides on a picture locks
    that before the SKU, and who asks for pictures locks the SKU.
    """
    skus = [sku for sku, facts in touched.items() if PHOTO in facts]
    if not skus:
        return
    photos = {
        sku: known.photo
        for sku, known in variant_facts(account_id=account.pk, skus=skus).items()
        if known.photo is not None
    }
    known = references.look_up(account_id=account.pk, photos=photos.values())
    identities = {sku: known[photo.url].identity for sku, photo in photos.items()}
    lapse(account_id=account.pk, references=identities)


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
