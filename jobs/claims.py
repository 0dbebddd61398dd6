"""Taking a job, holding it, and giving it back: only its holder can write to it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from jobs import clock
from jobs.errors import ClaimLost
from jobs.models import LeasedJob
from jobs.models.leased_job import LeasedJobQuerySet


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's right to one job until its lease runs out or somebody else takes it.

    Commits are fenced: a worker that was thought dead, and whose job went to another one,
    cannot change the row any more, whatever it believes.
    """

    model: type[LeasedJob]
    job_id: int
    token: uuid.UUID
    lease: timedelta

    def commit(self, *, made_progress: bool = False, **fields: Any) -> None:
        """Write the fields and renew the lease; with `made_progress`, attempts count anew.

        Call it last in the transaction of the effects it stands for. Raises ClaimLost, having
        written nothing, if the job is no longer this worker's: let it roll the effects back.
        """
        if made_progress:
            fields["attempts"] = 0
        self._write(**fields, lease_expires_at=clock.now() + self.lease)

    def release(self, *, run_after: datetime | None = None, **fields: Any) -> None:
        """Write the fields and give the job back, due at `run_after`; None means it is done.

        Raises ClaimLost, having written nothing, if the job is no longer this worker's.
        """
        self._write(
            **fields,
            run_after=run_after,
            claim_token=None,
            lease_expires_at=None,
            dispatched_at=None,
        )

    def is_mine(self) -> bool:
        """Whether the job is still this worker's, as of now."""
        return self._rows().exists()

    def _rows(self) -> LeasedJobQuerySet:
        return self.model.job_rows().filter(pk=self.job_id, claim_token=self.token)

    def _write(self, **fields: Any) -> None:
        if not self._rows().update(**fields):
            raise ClaimLost(f"{self.model._meta.label} {self.job_id} has another holder")


def claim(model: type[LeasedJob], pk: int, *, lease: timedelta) -> Claim | None:
    """Take a due job for the time of the lease; None if it is not due, gone, or held.

    One conditional UPDATE: of any number of workers exactly one gets it. The attempt is
    counted here, because a worker that is killed reports nothing afterwards.
    """
    at = clock.now()
    token = uuid.uuid4()
    taken = (
        model.job_rows()
        .filter(pk=pk)
        .due(at=at)
        .update(
            claim_token=token,
            lease_expires_at=at + lease,
            attempts=F("attempts") + 1,
            dispatched_at=None,
        )
    )
    return Claim(model=model, job_id=pk, token=token, lease=lease) if taken else None


def claim_many(model: type[LeasedJob], keys: Collection[int], *, lease: timedelta) -> list[Claim]:
    """Take those of these jobs that are due and free, each under a claim of its own.

    Three queries. What another worker is taking at this moment is left to it.
    """
    at = clock.now()
    token = uuid.uuid4()
    with transaction.atomic():
        free = model.job_rows().filter(pk__in=list(keys)).due(at=at)
        taken = list(free.select_for_update(skip_locked=True).values_list("pk", flat=True))
        model.job_rows().filter(pk__in=taken).update(
            claim_token=token,
            lease_expires_at=at + lease,
            attempts=F("attempts") + 1,
            dispatched_at=None,
        )
    return [Claim(model=model, job_id=pk, token=token, lease=lease) for pk in taken]


def renew(claims: Collection[Claim]) -> frozenset[int]:
    """Renew the leases of claims of one kind of job; the ids of those that are still held."""
    still_held: set[int] = set()
    for token, model, lease in {(each.token, each.model, each.lease) for each in claims}:
        keys = [each.job_id for each in claims if each.token == token]
        rows = model.job_rows().filter(pk__in=keys, claim_token=token)
        rows.update(lease_expires_at=clock.now() + lease)
        still_held |= set(rows.values_list("pk", flat=True))
    return frozenset(still_held)
