"""The jobs a worker holds: taken together, kept by one renewal, given back one by one."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from imagery.models import ImageJob, JobState, Want, WantState
from jobs import clock
from jobs.claims import Claim, claim_many, renew
from jobs.errors import ClaimLost

_TAKEN_FROM = (JobState.WAITING, JobState.RUNNING)


class Hand:
    """Claims by job, and the account of each."""

    def __init__(self, *, lease: timedelta) -> None:
        self._lease = lease
        self._claims: dict[int, Claim] = {}
        self._accounts: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._claims)

    def __contains__(self, job_id: int | None) -> bool:
        return job_id in self._claims

    @property
    def job_ids(self) -> Collection[int]:
        return self._claims.keys()

    def per_account(self, job_ids: Collection[int]) -> Counter[int]:
        return Counter(self._accounts[pk] for pk in job_ids if pk in self._accounts)

    def take(self, job_id: int) -> list[int]:
        """The job that somebody rang for, if it is due and free."""
        return self._take([job_id])

    def take_due(self, *, limit: int, but_not_of: Collection[int] = ()) -> list[int]:
        """The longest waiting, of accounts that have not yet had their turn."""
        at = clock.now()
        due = ImageJob.job_rows().filter(state__in=_TAKEN_FROM).due(at=at)
        if but_not_of:
            due = due.exclude(account_id__in=list(but_not_of))
        return self._take(
            list(due.order_by("run_after", "pk").values_list("pk", flat=True)[:limit])
        )

    def _take(self, keys: Collection[int]) -> list[int]:
        if not keys:
            return []
        claims = claim_many(ImageJob, keys, lease=self._lease)
        taken = {claim.job_id: claim for claim in claims}
        if not taken:
            return []
        _open_anew(taken)
        jobs = ImageJob.objects.filter(pk__in=list(taken))
        jobs.update(state=JobState.RUNNING, started_at=Coalesce("started_at", clock.now()))
        self._claims |= taken
        self._accounts |= dict(jobs.values_list("pk", "account_id"))
        return list(taken)

    def renew(self) -> None:
        """Jobs that somebody else has taken, or that were cancelled, are no longer in hand."""
        held = renew(self._claims.values())
        for pk in [pk for pk in self._claims if pk not in held]:
            self.drop(pk)

    def give_back(self, job_id: int, *, run_after: datetime | None, **fields: Any) -> None:
        """Write the fields and let go; nothing where the job is another's by now."""
        claim = self.drop(job_id)
        if claim is None:
            return
        try:
            claim.release(run_after=run_after, attempts=0, **fields)
        except ClaimLost:
            return

    def drop(self, job_id: int) -> Claim | None:
        self._accounts.pop(job_id, None)
        return self._claims.pop(job_id, None)


def _open_anew(job_ids: Collection[int]) -> None:
    """What was given up for another job is tried for one that begins, from the first rung."""
    begun = Q(jobs__in=list(job_ids), jobs__started_at=None)
    exhausted = Want.objects.filter(begun, state=WantState.EXHAUSTED).values_list("pk", flat=True)
    keys = set(exhausted)
    if keys:
        reopen(keys)


def reopen(want_ids: Collection[int]) -> int:
    """Exhausted wants are open again, at the first rung; how many there were."""
    wants = Want.objects.filter(pk__in=list(want_ids), state=WantState.EXHAUSTED)
    return wants.update(
        state=WantState.OPEN,
        rung=0,
        attempts=0,
        unknowns=0,
        due_at=None,
        error_code="",
        message="",
    )
