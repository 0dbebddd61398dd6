"""An image job: one recipe for one SKU."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from imagery.models.recipe import MOST_IMAGES
from jobs.models import LeasedJob


class JobState(models.TextChoices):
    """Held jobs wait for their batch to be released; waiting ones for a worker, money, a time."""

    HELD = "held", "Held"
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Generating"
    DELIVERED = "delivered", "Delivered"
    PARTLY_DELIVERED = "partly_delivered", "Partly delivered"
    MISSING_IMAGE = "missing_image", "Missing image"
    CANCELLED = "cancelled", "Cancelled"


OPEN_STATES = (JobState.HELD, JobState.WAITING, JobState.RUNNING)


class Trigger(models.TextChoices):
    UPLOAD = "upload", "Catalog upload"
    BATCH_FILE = "batch_file", "Image batch"
    CATALOG = "catalog", "Change in the catalog"
    ADMIN = "admin", "Admin"
    API = "api", "API"
    HOOK = "hook", "Incoming hook"
    SHELL = "shell", "Command line"
    REDO = "redo", "Redo after a rejection"


class ImageJobQuerySet(models.QuerySet["ImageJob"]):
    def for_account(self, account_id: int) -> "ImageJobQuerySet":
        return self.filter(account_id=account_id)

    def open(self) -> "ImageJobQuerySet":
        return self.filter(state__in=OPEN_STATES)


class ImageJob(LeasedJob):
    """`inputs` fill the prompt before the variant does (title, brand, style_tags, ...), and are all
    there is of a SKU that the catalog does not know. `images` overrides how many each delivered
    step makes. The SKU is named as text: neither the job nor its pictures go with the variant.
    A job for what all variants of a product share has the `product_key` instead.
    """

    queue: ClassVar[str] = "imagery"
    task: ClassVar[str] = "imagery.tasks.run_image_job"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="image_jobs", db_index=False
    )
    sku = models.CharField("SKU", max_length=200, blank=True)
    product_key = models.CharField(max_length=500, blank=True)
    recipe_version = models.ForeignKey(
        "imagery.RecipeVersion", on_delete=models.PROTECT, related_name="jobs"
    )
    batch = models.ForeignKey(
        "imagery.ImageBatch", on_delete=models.SET_NULL, null=True, related_name="jobs"
    )
    is_pilot = models.BooleanField(default=False)
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload", on_delete=models.SET_NULL, null=True, related_name="image_jobs"
    )
    upload_row = models.PositiveIntegerField("row of the file", null=True)
    trigger = models.CharField(max_length=20, choices=Trigger)
    hook = models.ForeignKey(
        "imagery.HookEndpoint",
        on_delete=models.SET_NULL,
        null=True,
        related_name="jobs",
        help_text="The webhook that asked for it, and whose cap it keeps to.",
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    inputs = models.JSONField(default=dict, blank=True)
    images = models.PositiveSmallIntegerField("images a step", null=True)
    redo_number = models.PositiveSmallIntegerField(default=0)
    reference = models.ForeignKey(
        "imagery.ReferencePhoto", on_delete=models.PROTECT, null=True, related_name="jobs"
    )
    state = models.CharField(max_length=20, choices=JobState, default=JobState.WAITING)
    wants = models.ManyToManyField("imagery.Want", through="imagery.JobWant", related_name="jobs")
    error_code = models.CharField(max_length=100, blank=True)
    message = models.CharField(
        max_length=1000, blank=True, help_text="What it waits for, or why it ended as it did."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    planned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImageJobQuerySet.as_manager()

    class Meta(LeasedJob.Meta):
        ordering = ["-id"]
        indexes = [
            *LeasedJob.Meta.indexes,
            models.Index(fields=["account", "-id"], name="imagejob_newest"),
            models.Index(fields=["account", "sku", "-id"], name="imagejob_of_sku"),
            models.Index(fields=["account", "state", "-id"], name="imagejob_in_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "upload_row", "recipe_version"], name="imagejob_once_per_row"
            ),
            models.CheckConstraint(
                condition=(Q(sku="") & ~Q(product_key="")) | (~Q(sku="") & Q(product_key="")),
                name="imagejob_for_a_sku_or_a_product",
            ),
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="imagejob_state_known"
            ),
            models.CheckConstraint(
                condition=Q(images=None) | Q(images__gte=1, images__lte=MOST_IMAGES),
                name="imagejob_some_images",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | (~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False, run_after=None)),
                name="imagejob_ended_or_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku}, {self.get_state_display()}"
