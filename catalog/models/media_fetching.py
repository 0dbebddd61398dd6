"""The fetching of one account's media: a job that comes back as long as something is due."""

from typing import ClassVar

from django.db import models

from jobs import clock
from jobs.models import LeasedJob


class MediaFetching(LeasedJob):
    """One row an account: whoever holds it fetches, and tidies up, alone.

    It waits on other people's servers, hence beside imagery and never in front of an upload.
    """

    queue: ClassVar[str] = "imagery"
    task: ClassVar[str] = "catalog.media_fetching.tasks.fetch_media"

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="media_fetching"
    )
    is_on = models.BooleanField(
        "fetch pictures",
        default=True,
        help_text="Whether pictures named by the account's files are fetched.",
    )
    tidy_due_at = models.DateTimeField(
        default=clock.now, help_text="When pictures that nothing shows are next looked for."
    )
    tidy_behind = models.CharField(
        max_length=2000, blank=True, default="", help_text="The last address looked at, if amid."
    )

    class Meta(LeasedJob.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"Media of {self.account}"
