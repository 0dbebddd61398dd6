"""Media: each distinct URL of an account is one asset; links say where a variant shows it."""

from django.db import models


class AssetState(models.TextChoices):
    PENDING = "pending", "Waiting to be fetched"


class MediaAsset(models.Model):
    """Indexed by the URL itself: files name neighbouring URLs together, so that a batch touches few
    pages of the index (a digest would scatter them over all of it)."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="media_assets", db_index=False
    )
    url = models.URLField("source URL", max_length=2000)
    state = models.CharField(max_length=10, choices=AssetState, default=AssetState.PENDING)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "url"], name="media_asset_url_per_account"),
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
