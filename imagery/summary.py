"""How it went with image jobs: of an account, or of one upload."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from imagery.models import OPEN_STATES, ImageJob, JobState

#: SKUs that are named.
MOST_NAMED: Final = 1_000
_SUCCESS: Final = (JobState.DELIVERED, JobState.PARTLY_DELIVERED)


@dataclass(frozen=True, slots=True)
class ImagerySummary:
    """Counts are of jobs, cancelled ones left out; partly delivered is a success.

    `failed_skus` are at most MOST_NAMED, each once; `more_failed_skus` is how many more there are.
    """

    success: int
    failed: int
    open: int
    failed_skus: Sequence[str]
    more_failed_skus: int

    @property
    def total(self) -> int:
        return self.success + self.failed + self.open

    @property
    def success_rate(self) -> str:
        """Of those that ended; of nothing it is "0.0%". Never "100.0%" while one has failed."""
        ended = self.success + self.failed
        if not ended:
            return "0.0%"
        rate = 100 * self.success / ended
        return f"{min(rate, 99.9) if self.failed else rate:.1f}%"


def imagery_summary(*, account: Account, upload: BulkUpload | None = None) -> ImagerySummary:
    """Of the account's jobs, or of those that an upload asked for; at most three queries."""
    jobs = ImageJob.objects.for_account(account.pk)
    if upload is not None:
        jobs = jobs.filter(upload=upload)
    counts = dict(jobs.order_by().values_list("state").annotate(Count("id")))
    failed = counts.get(JobState.MISSING_IMAGE, 0)
    names, more = _failed_skus(jobs) if failed else ([], 0)
    return ImagerySummary(
        success=sum(counts.get(state, 0) for state in _SUCCESS),
        failed=failed,
        open=sum(counts.get(state, 0) for state in OPEN_STATES),
        failed_skus=names,
        more_failed_skus=more,
    )


def _failed_skus(jobs: QuerySet[ImageJob]) -> tuple[list[str], int]:
    failed = jobs.filter(state=JobState.MISSING_IMAGE).exclude(sku="")
    skus = failed.order_by("sku").values_list("sku", flat=True).distinct()
    names = list(skus[: MOST_NAMED + 1])
    if len(names) <= MOST_NAMED:
        return names, 0
    return names[:MOST_NAMED], skus.count() - MOST_NAMED
