"""SKUs that were removed: what was not made yet of them, because of changes, is not made."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import Account
from catalog.models import Variant
from imagery.engine.cancelling import cancel
from imagery.engine.errors import JobHasEnded
from imagery.image_sets.status import refresh
from imagery.planning.outdated import cancel_removed, with_calls
from jobs import clock


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
