"""Jobs that ask for pictures of what a SKU no longer is: cancelled before they cost anything.

Those of SKUs that were removed are among them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from imagery.models import OPEN_STATES, ImageJob, JobState, JobWant, Trigger

#: Error codes of jobs that were cancelled here.
OUTDATED: Final = "outdated"
REMOVED: Final = "removed"

#: Asked for by changes; what people asked for is theirs to cancel.
_BY_CHANGES: Final = (Trigger.UPLOAD, Trigger.CATALOG)
_NOT_BEGUN: Final = (JobState.HELD, JobState.WAITING)


def cancel_outdated(
    *, account_id: int, recipe_id: int, wanted: Mapping[str, Collection[str]], at: datetime
) -> int:
    """`wanted` gives by SKU the hashes of what is wanted of it now, by this recipe; how many jobs
    wanted something else.

    A job that a worker holds, or that has made a call, goes on. Three queries.
    """
    idle = resting(account_id, wanted).filter(
        recipe_version__recipe_id=recipe_id, redo_number=0, calls=None
    )
    hashes: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    asked = JobWant.objects.filter(job__in=idle.order_by())
    for job_id, sku, hash_ in asked.values_list("job_id", "job__sku", "want__hash"):
        hashes[job_id, sku].add(hash_)
    outdated = [job_id for (job_id, sku), its in hashes.items() if its - set(wanted[sku])]
    text = "It was changed since: another job asks for what it is now."
    return _cancel(outdated, at=at, code=OUTDATED, message=text)


def cancel_removed(*, account_id: int, skus: Collection[str], at: datetime) -> int:
    """Those of SKUs that the catalog has no more, where no call was planned yet; how many."""
    idle = list(resting(account_id, skus).filter(calls=None).values_list("id", flat=True))
    return _cancel(idle, at=at, code=REMOVED, message="The SKU was removed from the catalog.")


def with_calls(*, account_id: int, skus: Collection[str]) -> QuerySet[ImageJob]:
    """The others of such SKUs: they wait for their next call, or for what it waits for."""
    return resting(account_id, skus).exclude(calls=None).order_by("id")


def resting(account_id: int, skus: Collection[str]) -> QuerySet[ImageJob]:
    """Asked for by changes, and in no worker's hand."""
    return ImageJob.objects.for_account(account_id).filter(
        sku__in=list(skus),
        state__in=_NOT_BEGUN,
        trigger__in=_BY_CHANGES,
        claim_token=None,
    )


def _cancel(job_ids: Collection[int], *, at: datetime, code: str, message: str) -> int:
    """How many of them no worker has taken meanwhile."""
    if not job_ids:
        return 0
    idle = ImageJob.objects.filter(pk__in=job_ids, state__in=_NOT_BEGUN, claim_token=None)
    return idle.update(
        state=JobState.CANCELLED, run_after=None, ended_at=at, error_code=code, message=message
    )


def asked_for(want_ids: Collection[int]) -> set[int]:
    """Those of the wants that an open job asks for. One query."""
    asked = JobWant.objects.filter(want_id__in=list(want_ids), job__state__in=OPEN_STATES)
    return set(asked.values_list("want_id", flat=True).order_by().distinct())
