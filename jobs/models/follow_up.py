"""What remains to be done after something happened, written in the transaction it happened in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jobs.models.leased_job import LeasedJob


class FollowUp(LeasedJob):
    """One piece of later work: a kind that a room registered, and what that room told itself.

    It ends finished, or failed after too many attempts, with the last error kept in sight.
    """

    queue: ClassVar[str] = "default"
    task: ClassVar[str] = "jobs.tasks.run_follow_up"

    kind = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, related_name="follow_ups"
    )
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta(LeasedJob.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(failed_at=None),
                name="jobs_followup_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
