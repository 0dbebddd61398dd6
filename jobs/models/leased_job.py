"""A row that is itself a job: the queue only rings a bell for it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q


class LeasedJobQuerySet(models.QuerySet[Any]):
    """The states a job can be in, as seen by who hands out work."""

    def due(self, *, at: datetime) -> Self:
        """Jobs whose time has come and that no live worker holds."""
        return self.filter(run_after__lte=at).filter(
            Q(lease_expires_at=None) | Q(lease_expires_at__lte=at)
        )

    def unheard(self, *, rung_before: datetime) -> Self:
        """Jobs nobody rang for, or whose bell must have been lost, so long ago it rang."""
        return self.filter(Q(dispatched_at=None) | Q(dispatched_at__lte=rung_before))

    def held(self, *, at: datetime) -> Self:
        """Jobs that a worker holds with a lease that has not run out."""
        return self.filter(lease_expires_at__gt=at)


class LeasedJob(models.Model):
    """Work that any worker may claim, that one at a time holds, and that survives all of them.

    `run_after` is when the work is due; null means nothing is left to run. `attempts` counts
    the claims since the last progress. `dispatched_at` is when the bell was last rung; a claim
    answers it and clears it, so that it never stands for a bell that was already heard.
    """

    queue: ClassVar[str]
    """Which kind of worker runs it: "imports", "imagery" or "default"."""
    task: ClassVar[str]
    """Dotted path of the function that takes the primary key and does the work."""

    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    run_after = models.DateTimeField(null=True, blank=True, editable=False)
    dispatched_at = models.DateTimeField(null=True, blank=True, editable=False)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["run_after"],
                name="%(app_label)s_%(class)s_due",
                condition=Q(run_after__isnull=False),
            ),
        ]

    @classmethod
    def job_rows(cls) -> LeasedJobQuerySet:
        """Every row, whatever default manager the model chose."""
        return LeasedJobQuerySet(cls)
