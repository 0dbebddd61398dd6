"""The fetching again of what an account was delivered as an address and could not be had at once.

The `UnrescuedImage` rows are the list of what is to do; this row is the lease on doing it.
"""

from typing import ClassVar

from django.db import models

from jobs.models import LeasedJob


class ImageRescue(LeasedJob):
    queue: ClassVar[str] = "imagery"
    task: ClassVar[str] = "imagery.tasks.rescue_images"

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="image_rescue"
    )

    class Meta(LeasedJob.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Image rescue of account {self.account_id}"
