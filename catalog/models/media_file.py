"""A picture we keep: the bytes that one or several addresses of an account gave."""

import uuid

from django.db import models


class MediaFile(models.Model):
    """Stored once an account, under a key made of its content; never shared between accounts.

    The row is written before its bytes are: whoever is killed in between leaves a row without
    `stored_at`, and no bytes that nobody knows of.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="media_files", db_index=False
    )
    sha256 = models.CharField(max_length=64, help_text="Hexadecimal digest of the bytes.")
    content_type = models.CharField(max_length=30, help_text="What the bytes are, as decoded.")
    byte_size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(help_text="In pixels, as it is to be shown.")
    height = models.PositiveIntegerField(help_text="In pixels, as it is to be shown.")
    storage_path = models.CharField(max_length=300)
    thumbnail_path = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sha256"], name="media_file_content_per_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_type}, {self.width} x {self.height}"
