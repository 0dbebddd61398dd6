"""Taking a job, holding it, and giving it back: only its holder can write to it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
