"""A column mapping that an account keeps by name, for the next file of the same supplier."""

import unicodedata
from typing import Any

from django.conf import settings
from django.db import models

LONGEST_NAME = 100
# Some characters are longer once their case is folded.
_LONGEST_KEY = 3 * LONGEST_NAME


def mapping_name_key(name: str) -> str:
    """Two spellings of one name are one: case, spacing and forms of Unicode aside."""
    folded = " ".join(name.split()).casefold()
    return unicodedata.normalize("NFC", folded)[:_LONGEST_KEY]


class SavedMappingQuerySet(models.QuerySet["SavedMapping"]):
    def for_account(self, account_id: int) -> "SavedMappingQuerySet":
        return self.filter(account_id=account_id)

    def named(self, name: str) -> "SavedMappingQuerySet":
        return self.filter(name_key=mapping_name_key(name))


class SavedMapping(models.Model):
    """`mapping` sends the file's columns to field keys or headers; "" leaves a column out.

    An upload keeps a copy of it among its options, so that what changes here changes no upload.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="saved_mappings"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    # SQLite's own LOWER knows ASCII alone.
    name_key = models.CharField(max_length=_LONGEST_KEY, editable=False)
    processor_name = models.CharField("processor", max_length=80)
    mapping = models.JSONField(default=dict)
    header = models.JSONField(
        null=True, help_text="The header row of the last file this mapping was made for."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedMappingQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name_key"],
                name="saved_mapping_name_once_per_account",
                violation_error_message="This account already has one of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = mapping_name_key(self.name)
        super().save(*args, **kwargs)
