"""How a person's SKUs stand with their pictures, in a few numbers for the dashboard."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from accounts.models import Account
from imagery.admin.job_filters import MOVING
from imagery.models import ImageJob, QaStatus, ReviewTicket, SkuImagery

#: Counted so far at most: nobody waits for a page because of a number.
_COUNTED: Final = 10_000
#: The same for a number that is on every page.
_COUNTED_EVERYWHERE: Final = 99


@dataclass(frozen=True, slots=True)
class Overview:
    """Each count ends at 10,001, which stands for "more than 10,000"."""

    to_review: int
    generating: int
    missing: int

    def __bool__(self) -> bool:
        return bool(self.to_review or self.generating or self.missing)


def overview(account_ids: Collection[int]) -> Overview:
    """Three counts, each along an index."""
    imagery = SkuImagery.objects.filter(account__in=account_ids).order_by()
    jobs = ImageJob.objects.filter(account__in=account_ids, state__in=MOVING).order_by()
    return Overview(
        to_review=imagery.filter(qa_status=QaStatus.PENDING_REVIEW)[: _COUNTED + 1].count(),
        generating=jobs[: _COUNTED + 1].count(),
        missing=imagery.filter(qa_status=QaStatus.MISSING_IMAGE)[: _COUNTED + 1].count(),
    )


def to_review(accounts: QuerySet[Account]) -> str:
    """How many SKUs wait for review: "", "1" to "99", or "99+". One query, along an index."""
    waiting = ReviewTicket.objects.filter(account__in=accounts, waiting__gt=0).order_by()
    count = waiting[: _COUNTED_EVERYWHERE + 1].count()
    if count > _COUNTED_EVERYWHERE:
        return f"{_COUNTED_EVERYWHERE}+"
    return str(count or "")
