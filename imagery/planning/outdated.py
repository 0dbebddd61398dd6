"""Jobs that ask for pictures of what a SKU no longer is: cancelled before they cost anything."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from imagery.models import OPEN_STATES, ImageJob, JobState, JobWant, Trigger

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
    idle = ImageJob.objects.for_account(account_id).filter(
        sku__in=list(wanted),
        recipe_version__recipe_id=recipe_id,
        redo_number=0,
        state__in=_NOT_BEGUN,
        trigger__in=_BY_CHANGES,
        claim_token=None,
        calls=None,
    )
    hashes: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    asked = JobWant.objects.filter(job__in=idle.order_by())
    for job_id, sku, hash_ in asked.values_list("job_id", "job__sku", "want__hash"):
        hashes[job_id, sku].add(hash_)
    outdated = [job_id for (job_id, sku), its in hashes.items() if its - set(wanted[sku])]
    if not outdated:
        return 0
    return ImageJob.objects.filter(pk__in=outdated, state__in=_NOT_BEGUN, claim_token=None).update(
        state=JobState.CANCELLED,
        run_after=None,
        ended_at=at,
        message="It was changed since: another job asks for what it is now.",
    )


def asked_for(want_ids: Collection[int]) -> set[int]:
    """Those of the wants that an open job asks for. One query."""
    asked = JobWant.objects.filter(want_id__in=list(want_ids), job__state__in=OPEN_STATES)
    return set(asked.values_list("want_id", flat=True).order_by().distinct())
