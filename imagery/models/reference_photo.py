"""The identity of a source photo, fixed when the first picture was planned from it, or when the
approval of a picture was first held against it.

A photo is first known by its address, and by its content once it was fetched. Both must mean the
same photo afterwards, or everything made from it would be bought again.
"""

from django.db import models
from django.db.models import Q


class ReferencePhoto(models.Model):
    """`identity` is what wants are made of: "url:" or "sha256:" and a digest, never changed.

    `sha256` is that of the content, once that is known. The same address with other content is
    another photo, and so another row; the same content at another address is the same photo: its
    row has this one's identity.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="reference_photos"
    )
    identity = models.CharField(max_length=80)
    url = models.CharField("source URL", max_length=2000, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey(
        "catalog.MediaFile", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kept_path = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="Where its content lies that was fetched for a provider.",
    )
    content_type = models.CharField(max_length=30, blank=True, db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["account", "sha256"],
                name="referencephoto_content",
                condition=~Q(sha256=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "url", "sha256"], name="referencephoto_once_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(sha256=""), name="referencephoto_is_of_something"
            ),
        ]

    def __str__(self) -> str:
        return self.url or self.sha256
