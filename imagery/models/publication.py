"""The public side of one content: its renditions are there while it is approved, and gone after."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jobs.models import LeasedJob


class Publication(LeasedJob):
    """Made when a content is first approved, before any of its renditions is written, and kept a
    while after the last of them was removed: so no public file lies around that no row knows of.

    What is to be done is not written here, but found by looking whether the content is approved.
    `asked` counts how often something about that changed; `presets` is the digest of the presets
    that are built, empty while none are. A content that cannot be rendered has a failure.
    """

    queue: ClassVar[str] = "imagery"
    task: ClassVar[str] = "imagery.renditions.tasks.settle_publication"

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="publications", db_index=False
    )
    sha256 = models.CharField(max_length=64, help_text="Of the content, as approved.")
    asked = models.PositiveIntegerField(default=1)
    presets = models.CharField(max_length=16, blank=True, default="")
    built_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=40, blank=True, default="")
    failure = models.CharField(max_length=300, blank=True, default="")

    class Meta(LeasedJob.Meta):
        ordering = ["id"]
        indexes = [
            *LeasedJob.Meta.indexes,
            models.Index(fields=["presets"], name="publication_presets"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sha256"], name="publication_once_per_content"
            ),
            models.CheckConstraint(
                condition=Q(presets="", built_at=None)
                | (~Q(presets="") & Q(built_at__isnull=False)),
                name="publication_built_knows_its_presets",
            ),
        ]

    def __str__(self) -> str:
        return f"Publication of {self.sha256[:12]}"
