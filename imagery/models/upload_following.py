"""The following of a catalog upload: making jobs of its rows, a part of them at a time."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jobs.models import LeasedJob


class UploadFollowing(LeasedJob):
    """`checkpoint_row` is the last row of the file that is dealt with.

    Without a `recipe_version` no pictures were asked for: then only what there is of them is seen
    to (see `following.consequences`).
    """

    queue: ClassVar[str] = "default"
    task: ClassVar[str] = "imagery.following.tasks.follow_upload"

    upload = models.OneToOneField(
        "bulk_uploads.BulkUpload", on_delete=models.CASCADE, related_name="image_following"
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    recipe_version = models.ForeignKey(
        "imagery.RecipeVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    batch = models.OneToOneField(
        "imagery.ImageBatch", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    checkpoint_row = models.PositiveIntegerField(default=0)
    jobs = models.PositiveIntegerField("image jobs", default=0)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(LeasedJob.Meta):
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, run_after__isnull=False)
                | Q(ended_at__isnull=False, run_after=None),
                name="uploadfollowing_ended_or_due",
            ),
        ]

    def __str__(self) -> str:
        return f"Pictures of upload {self.upload_id}"
