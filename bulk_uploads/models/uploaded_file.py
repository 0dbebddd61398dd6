"""A file somebody gave us: where it lies and what it is, whatever becomes of it."""

import secrets
import string
import uuid

from django.conf import settings
from django.db import models

_KEY_ALPHABET = string.ascii_lowercase + string.digits


def new_file_key() -> str:
    """A 28-character public name for a file (about 144 random bits)."""
    return "".join(secrets.choice(_KEY_ALPHABET) for _ in range(28))


class UploadedFile(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="uploaded_files"
    )
    key = models.CharField(max_length=28, unique=True, default=new_file_key, editable=False)
    name = models.CharField(max_length=255, help_text="The name the file had where it came from.")
    content_type = models.CharField(max_length=127)
    byte_size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Hexadecimal digest of the bytes as given.")
    storage_path = models.CharField(max_length=300, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(byte_size__gte=0), name="uploadedfile_size_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name
