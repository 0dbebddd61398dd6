"""Seeing an upload's images through in the calling process, with workers elsewhere or without."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import close_old_connections
from django.db.models import Count

from bulk_uploads.models import BulkUpload
from imagery.engine.policy import Policy
from imagery.engine.waking import wake_due
from imagery.models import OPEN_STATES, ImageJob, ImageRescue, JobState
from imagery.tasks import rescue_images, run_round
from jobs import clock

_LOOKS_EVERY: Final = 0.2
#: Seconds between two looks at all jobs of the upload while work goes on.
_SHOWS_EVERY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts are of jobs. `next_at` is when one of those that are open is due, `is_held` whether
    somebody works on one; `waits_for` is what they wait for, where nothing goes on."""

    total: int
    ended: int
    failed: int
    is_held: bool = False
    next_at: datetime | None = None
    waits_for: str = ""

    @property
    def is_over(self) -> bool:
        return self.ended == self.total

    def is_at_rest(self, *, at: datetime, patience: timedelta) -> bool:
        """Nobody works on any of them, and nothing is due for that long."""
        if self.is_held:
            return False
        return self.next_at is None or self.next_at > at + patience


def standing_of(upload: BulkUpload) -> Standing:
    """Two queries, one more where jobs wait."""
    jobs = ImageJob.objects.filter(upload=upload)
    counts = dict(jobs.order_by().values_list("state").annotate(Count("id")))
    left = sum(counts.get(state, 0) for state in OPEN_STATES)
    total = sum(counts.values())
    failed = counts.get(JobState.MISSING_IMAGE, 0) + counts.get(JobState.CANCELLED, 0)
    if not left:
        return Standing(total=total, ended=total, failed=failed)
    at = clock.now()
    is_held = jobs.filter(lease_expires_at__gt=at).exists()
    due = jobs.open().filter(run_after__isnull=False).order_by("run_after")
    first = due.values_list("run_after", flat=True).first()
    waiting = jobs.filter(state=JobState.WAITING).exclude(message="").order_by("run_after", "id")
    message = "" if is_held else waiting.values_list("message", flat=True).first()
    return Standing(
        total=total,
        ended=total - left,
        failed=failed,
        is_held=is_held,
        next_at=first,
        waits_for=message or "",
    )


def see_through(
    upload: BulkUpload,
    *,
    policy: Policy,
    patience: timedelta,
    on_progress: Callable[[Standing], object],
) -> Standing:
    """Until none of the upload's jobs is open, or all that are wait for longer than `patience`.

    What is due is worked on here, as a worker would; claims decide who does what.
    """
    shown_at = 0.0

    def show() -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= _SHOWS_EVERY:
            shown_at = time.monotonic()
            on_progress(standing_of(upload))

    while True:
        _work(upload, policy=policy, on_step=show)
        standing = standing_of(upload)
        on_progress(standing)
        at = clock.now()
        if standing.is_over or standing.is_at_rest(at=at, patience=patience):
            return standing
        if standing.is_held or standing.next_at is None or standing.next_at > at:
            time.sleep(_LOOKS_EVERY)
            close_old_connections()


def _work(upload: BulkUpload, *, policy: Policy, on_step: Callable[[], None]) -> None:
    # Without a dispatcher nobody else does.
    wake_due()
    at = clock.now()
    if ImageJob.job_rows().due(at=at).exists():
        run_round(policy=policy, on_step=on_step)
    rescues = ImageRescue.job_rows().due(at=at).filter(account=upload.account_id)
    for pk in rescues.values_list("pk", flat=True):
        rescue_images(pk)
