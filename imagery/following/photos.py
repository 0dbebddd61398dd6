"""Source photos that changed: approvals of pictures made of another one lapse."""

from collections.abc import Collection

from imagery.planning import references
from imagery.recipes.variant_facts import variant_facts
from imagery.review.lapsing import lapse


def lapse_where_changed(*, account_id: int, skus: Collection[str]) -> int:
    """How many approvals lapsed. `skus` are those of which media changed; in a transaction of the
    caller's. A SKU that has no photo any more keeps its pictures."""
    if not skus:
        return 0
    photos = {
        sku: known.photo
        for sku, known in variant_facts(account_id=account_id, skus=skus).items()
        if known.photo is not None
    }
    known = references.look_up(account_id=account_id, photos=photos.values())
    identities = {sku: known[photo.url].identity for sku, photo in photos.items()}
    return len(lapse(account_id=account_id, references=identities))
