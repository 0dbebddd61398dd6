"""The undo of an upload: a job of its own, what it has taken back so far, and what it kept."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from bulk_uploads.models.bulk_upload import BulkUpload
from bulk_uploads.models.states import ENDED, Status
from jobs.models import LeasedJob


class UploadUndo(LeasedJob):
    """An upload has at most one; asked for again, it goes on where it stopped.

    Counts are of what the upload wrote, not of rows of the file. `is_automatic` ones are part of
    an all-or-nothing upload that failed late: the upload's own job takes their steps.
    """

    queue: ClassVar[str] = "imports"
    task: ClassVar[str] = "bulk_uploads.undo_tasks.run_upload_undo"

    upload = models.OneToOneField(BulkUpload, on_delete=models.CASCADE, related_name="undo")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    is_automatic = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.ForeignKey(
        "accounts.ApiToken", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    cursor = models.JSONField(null=True, help_text="Where the processor's next step begins.")
    progress = models.PositiveSmallIntegerField(null=True, help_text="0 to 100.")
    restored = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)

    class Meta(LeasedJob.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="uploadundo_status_known"
            ),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__lte=100), name="uploadundo_progress_0_100"
            ),
        ]

    def __str__(self) -> str:
        return f"Undo of upload {self.upload_id}"

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class UndoKept(models.Model):
    """What an undo left as it is, and why."""

    undo = models.ForeignKey(
        UploadUndo, on_delete=models.CASCADE, related_name="kept_rows", db_index=False
    )
    row = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=500)
    column = models.CharField(max_length=300, blank=True)
    reason_code = models.CharField(max_length=40)
    message = models.TextField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["undo", "id"], name="undokept_of_undo")]

    def __str__(self) -> str:
        return self.message
