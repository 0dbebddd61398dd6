"""SKUs that were removed: what was not made yet of them, because of changes, is not made."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db import transaction

from accounts.models import Account
from catalog.models import Variant
from imagery.engine.cancelling import cancel
from imagery.engine.errors import JobHasEnded
from imagery.image_sets.status import refresh
from imagery.planning.outdated import cancel_removed, resting, with_calls
from jobs import clock

#: Variants looked at in one query: databases take only so many parameters.
_AT_ONCE: Final = 5_000


def foretell_stop(account_id: int, variant_ids: Sequence[int], is_part: bool) -> str:
    """How many jobs `stop_removed` would find of these variants, for the forecast of an undo."""
    count = 0
    for start in range(0, len(variant_ids), _AT_ONCE):
        some = Variant.objects.filter(pk__in=variant_ids[start : start + _AT_ONCE])
        count += resting(account_id, list(some.values_list("sku", flat=True))).count()
    if not count:
        return ""
    noun = "image job" if count == 1 else "image jobs"
    return f"Stop {'at least ' if is_part else ''}{count:,} {noun} of what is removed."


def stop_removed(*, account: Account, skus: Collection[str]) -> None:
    """Cancel the open jobs of those that were not created again meanwhile.

    What a worker holds goes on, and pictures that exist stay. Not in a transaction: jobs whose
    calls wait for money or a provider are taken back one by one.
    """
    there = Variant.objects.for_account(account.pk).filter(sku__in=list(skus))
    gone = set(skus) - set(there.values_list("sku", flat=True))
    with transaction.atomic():
        if cancel_removed(account_id=account.pk, skus=gone, at=clock.now()):
            refresh(account=account, skus=gone)
    for job in with_calls(account_id=account.pk, skus=gone):
        try:
            cancel(job, None)
        except JobHasEnded:
            continue
