"""Why an undo leaves a variant: it has been stocked since its file made it."""

from collections.abc import Collection, Mapping

from catalog.models import StockLevel
from catalog.undoing.holds import Hold

_STOCKED = Hold("stocked", "It has been stocked since, so it stays.")


def stocked(account_id: int, variant_ids: Collection[int]) -> Mapping[int, Hold]:
    """One query."""
    levels = StockLevel.objects.filter(account_id=account_id, variant_id__in=variant_ids)
    return dict.fromkeys(levels.values_list("variant_id", flat=True), _STOCKED)
