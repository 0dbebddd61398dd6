"""How far an upload has come that deactivates what its file does not name."""

from django.db import models


class FullFeed(models.Model):
    """Variants are walked in the order of their SKUs, twice: to count the absent ones, and again
    to deactivate them, unless that was refused.
    """

    upload = models.OneToOneField(
        "bulk_uploads.BulkUpload", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    counted_to = models.CharField(max_length=200, blank=True)
    is_counted = models.BooleanField(default=False)
    absent = models.PositiveIntegerField(default=0)
    deactivated_to = models.CharField(max_length=200, blank=True)
    is_done = models.BooleanField(default=False)
    deactivated = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.absent} absent"
