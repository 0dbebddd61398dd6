"""Having the QA status computed of the SKUs that something happened to."""

from collections.abc import Collection, Iterable

from imagery.image_sets import status
from imagery.models import ImageJob, Want


def refresh_statuses(jobs: Iterable[ImageJob]) -> None:
    """Of what these jobs are for. Call it in the transaction that changed them."""
    of_account: dict[int, list[ImageJob]] = {}
    for job in jobs:
        of_account.setdefault(job.account_id, []).append(job)
    for same in of_account.values():
        status.refresh(
            account=same[0].account,
            skus={job.sku for job in same if job.sku},
            product_keys={job.product_key for job in same if job.product_key},
        )


def refresh_statuses_of(want_ids: Collection[int]) -> None:
    """The same for wants whose job is in nobody's hand."""
    wants = list(Want.objects.filter(pk__in=list(want_ids)).select_related("account"))
    for account in {want.account for want in wants}:
        mine = [want for want in wants if want.account_id == account.pk]
        status.refresh(
            account=account,
            skus={want.sku for want in mine if want.sku},
            product_keys={want.product_key for want in mine if want.product_key},
        )
