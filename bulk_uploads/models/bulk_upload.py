"""A bulk upload: one file on its way through one processor, and how far it is."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bulk_uploads.models.states import ENDED, Phase, Relation, Status
from jobs.models import LeasedJob


class BulkUploadQuerySet(models.QuerySet["BulkUpload"]):
    def for_account(self, account_id: int) -> "BulkUploadQuerySet":
        return self.filter(account_id=account_id)

    def in_progress(self) -> "BulkUploadQuerySet":
        return self.filter(status=Status.IN_PROGRESS)

    def with_file(self) -> "BulkUploadQuerySet":
        return self.select_related("file", "account", "created_by", "parent")


class BulkUpload(LeasedJob):
    """Counts are of rows of the file; `checkpoint_*` say up to where they are done for good."""

    queue: ClassVar[str] = "imports"
    task: ClassVar[str] = "bulk_uploads.tasks.run_bulk_upload"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="bulk_uploads"
    )
    file = models.ForeignKey(
        "bulk_uploads.UploadedFile", on_delete=models.PROTECT, related_name="bulk_uploads"
    )
    processor_name = models.CharField("processor", max_length=80)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.READING)
    options = models.JSONField(default=dict, help_text="The options the uploader gave, checked.")
    has_turn = models.BooleanField(
        default=False, help_text="Whether it is this upload's turn in its account: one at a time."
    )
    is_dry_run = models.BooleanField("dry run", default=False)
    saved_mapping = models.ForeignKey(
        "bulk_uploads.SavedMapping",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bulk_uploads",
        help_text="The saved mapping it was given with; the options hold what it said.",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    relation = models.CharField(
        max_length=10,
        choices=Relation,
        blank=True,
        default="",
        help_text="What it is to its parent.",
    )
    root = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="line",
        help_text="Where the rows that it corrects or retries were first read.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="bulk_uploads"
    )
    token = models.ForeignKey(
        "accounts.ApiToken", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)

    header = models.JSONField(
        null=True, help_text="The header of the rows as they were spooled, cell by cell."
    )
    header_row = models.PositiveIntegerField(default=1)
    file_header = models.JSONField(
        null=True, help_text="The file's own header row, where a layout put another in its place."
    )
    column_sources = models.JSONField(
        null=True, help_text="The file's own column for each of the header that a layout made."
    )
    layout = models.CharField(
        max_length=40, blank=True, help_text="The layout that the file was recognised to have."
    )
    spool_path = models.CharField(max_length=300, blank=True)
    spool_bytes = models.BigIntegerField(default=0)
    checkpoint_offset = models.BigIntegerField(
        default=0, help_text="Bytes of the spool that are done for good in this pass."
    )
    checkpoint_row = models.PositiveIntegerField(
        default=0, help_text="Number of the last row done for good in this pass."
    )
    rows_per_second = models.FloatField(null=True, help_text="Of late, pauses included.")
    progress = models.PositiveSmallIntegerField(null=True, help_text="0 to 100.")

    total_rows = models.PositiveIntegerField(default=0)
    created_rows = models.PositiveIntegerField(default=0)
    updated_rows = models.PositiveIntegerField(default=0)
    unchanged_rows = models.PositiveIntegerField(default=0)
    merged_rows = models.PositiveIntegerField(default=0)
    failed_rows = models.PositiveIntegerField(default=0)
    not_applied_rows = models.PositiveIntegerField(default=0)
    blank_rows = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)

    output = models.JSONField(null=True)
    extradata = models.JSONField(null=True)

    objects = BulkUploadQuerySet.as_manager()

    class Meta(LeasedJob.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [
            *LeasedJob.Meta.indexes,
            models.Index(fields=["account", "-id"], name="bulkupload_account_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(has_turn=True),
                name="one_applying_upload_per_account",
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(relation=Relation.RETRY) & ~Q(status__in=sorted(ENDED)),
                name="one_retry_at_a_time_per_upload",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="bulkupload_status_known"
            ),
            models.CheckConstraint(
                condition=Q(parent=None, relation="")
                | Q(parent__isnull=False, relation__in=Relation.values),
                name="bulkupload_related_to_its_parent",
            ),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__lte=100), name="bulkupload_progress_0_100"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(ENDED))
                | Q(
                    total_rows=F("created_rows")
                    + F("updated_rows")
                    + F("unchanged_rows")
                    + F("merged_rows")
                    + F("failed_rows")
                    + F("not_applied_rows")
                ),
                name="bulkupload_counts_reconcile",
            ),
        ]

    def __str__(self) -> str:
        return f"Upload {self.pk}"

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def own_header(self) -> list[str]:
        """The header as the uploader wrote it, whatever a layout made of it."""
        header: list[str] = self.file_header or self.header or []
        return header

    @property
    def is_all_or_nothing(self) -> bool:
        return bool(self.options.get("on_error") == "abort")

    @property
    def done_rows(self) -> int:
        """Rows of the file with an outcome."""
        return (
            self.created_rows
            + self.updated_rows
            + self.unchanged_rows
            + self.merged_rows
            + self.failed_rows
        )
