"""A rendition: a public file, one size and format of an approved content."""

from django.db import models


class Rendition(models.Model):
    """`sha256` is of the picture it was made from, `etag` of the file itself.

    The row is there only while the file is: it is written after it and removed before it.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="renditions", db_index=False
    )
    sha256 = models.CharField(max_length=64)
    preset = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(help_text="Of the preset.")
    format = models.CharField(max_length=10)
    storage_path = models.CharField(max_length=300)
    byte_size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    etag = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sha256", "preset", "version", "format"],
                name="rendition_once_per_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.preset} {self.format}"
