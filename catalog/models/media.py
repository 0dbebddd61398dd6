"""Media: each distinct URL of an account is one asset; links say where a variant shows it."""

from django.db import models
from django.db.models import Q

from jobs import clock


class AssetState(models.TextChoices):
    PENDING = "pending", "Waiting"
    FETCHED = "fetched", "Fetched"
    FAILED = "failed", "Failed"


class MediaAsset(models.Model):
    """Indexed by the URL itself: files name neighbouring URLs together, so that a batch touches few
    pages of the index (a digest would scatter them over all of it).

    Pending while `due_at` says when the next try is; afterwards it has a file, or a failure. What
    has a default here has it in the database too: an import names only what it knows.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="media_assets", db_index=False
    )
    url = models.URLField("source URL", max_length=2000)
    state = models.CharField(max_length=10, choices=AssetState, default=AssetState.PENDING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField("next try", null=True, default=clock.now)
    attempts = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Tries begun since it became due for the first time."
    )
    file = models.ForeignKey(
        "catalog.MediaFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="assets",
        db_index=False,
    )
    failed_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    failure = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="Why the last try did not bring a picture, in words.",
    )
    unlinked_since = models.DateTimeField(
        null=True, help_text="When it was first seen that no variant shows it any more."
    )

    class Meta:
        ordering = ["id"]
        # Each index holds the rows of one state only, so that an import fills but the first.
        indexes = [
            models.Index(
                fields=["account", "due_at"],
                name="media_asset_due",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["account", "failed_at"],
                name="media_asset_failed",
                condition=Q(failed_at__isnull=False),
            ),
            models.Index(fields=["file"], name="media_asset_file", condition=Q(file__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "url"], name="media_asset_url_per_account"),
            models.CheckConstraint(
                condition=Q(state="pending", due_at__isnull=False, file=None, failed_at=None)
                | Q(state="fetched", due_at=None, file__isnull=False, failed_at=None)
                | Q(state="failed", due_at=None, file=None, failed_at__isnull=False),
                name="media_asset_in_one_state",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class MediaLink(models.Model):
    """The asset at a position of a variant's media set (or of its Media Paths)."""

    pk = models.CompositePrimaryKey("variant_id", "property_set_id", "position")
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.CASCADE, related_name="media_links", db_index=False
    )
    property_set = models.ForeignKey(
        "catalog.PropertySetDefinition", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    asset = models.ForeignKey(MediaAsset, on_delete=models.PROTECT, related_name="links")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}"
