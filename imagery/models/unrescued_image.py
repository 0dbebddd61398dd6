"""An image that was delivered as an address and is not with us yet: a queue, ordered by expiry."""

from django.db import models
from django.db.models import Q


class UnrescuedImage(models.Model):
    """Gone once it was rescued; kept with `lost_at` if its address stopped giving it."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="unrescued_images"
    )
    call = models.ForeignKey(
        "imagery.ProviderCall", on_delete=models.CASCADE, related_name="unrescued_images"
    )
    position_in_call = models.PositiveSmallIntegerField()
    want = models.ForeignKey(
        "imagery.Want", on_delete=models.PROTECT, null=True, related_name="unrescued_images"
    )
    url = models.CharField(max_length=4000)
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure_code = models.CharField(max_length=100, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    lost_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["expires_at", "id"]
        indexes = [
            models.Index(
                fields=["account", "expires_at"],
                name="unrescuedimage_next",
                condition=Q(lost_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "position_in_call"], name="unrescuedimage_once_per_delivery"
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, lost_at__isnull=False)
                | Q(due_at__isnull=False, lost_at=None),
                name="unrescuedimage_due_or_lost",
            ),
        ]

    def __str__(self) -> str:
        return self.url
