"""A generated image: what was delivered, kept by us. It outlives the variant it was made for."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from imagery.models.role import Role


class Decision(models.TextChoices):
    PENDING = "pending", "To review"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    SUPERSEDED = "superseded", "Superseded"


class GeneratedImageQuerySet(models.QuerySet["GeneratedImage"]):
    def for_account(self, account_id: int) -> "GeneratedImageQuerySet":
        return self.filter(account_id=account_id)

    def waiting(self) -> "GeneratedImageQuerySet":
        """Those that a person is to look at: new ones, and those whose approval lapsed."""
        return self.reviewable().filter(
            Q(decision=Decision.PENDING) | Q(decision=Decision.APPROVED, lapsed_at__isnull=False)
        )

    def reviewable(self) -> "GeneratedImageQuerySet":
        """Those with a role of their own: neither placeholders nor pictures made on the way."""
        return self.filter(is_placeholder=False).exclude(role="")


class GeneratedImage(models.Model):
    """`sha256` is of the bytes as stored, with their mark: a decision holds for these bytes alone.
    `delivered_sha256` is of the bytes as they came, `delivered_url` where the provider has them: it
    may take them from there for its next step. How it was made stands on its want and call.

    `product_key` names the product of a picture that all its variants share, whose `sku` is "".
    Stored once an account under a key made of its content, private until it is approved.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account",
        on_delete=models.CASCADE,
        related_name="generated_images",
        db_index=False,
    )
    sku = models.CharField("SKU", max_length=200, blank=True)
    product_key = models.CharField(max_length=500, blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    want = models.OneToOneField(
        "imagery.Want", on_delete=models.PROTECT, null=True, related_name="image"
    )
    call = models.ForeignKey(
        "imagery.ProviderCall", on_delete=models.PROTECT, null=True, related_name="generated_images"
    )
    position_in_call = models.PositiveSmallIntegerField(default=0)
    is_placeholder = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    delivered_sha256 = models.CharField(max_length=64)
    reference_sha256 = models.CharField(max_length=64, blank=True)
    storage_path = models.CharField(max_length=300)
    thumbnail_path = models.CharField(max_length=300)
    content_type = models.CharField(max_length=30)
    byte_size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(help_text="In pixels, as it is to be shown.")
    height = models.PositiveIntegerField(help_text="In pixels, as it is to be shown.")
    delivered_url = models.CharField(max_length=4000, blank=True)
    delivered_until = models.DateTimeField(null=True, help_text="How long that address holds.")
    cost_micros = models.BigIntegerField("cost", default=0, help_text="Its share of its call's.")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.PENDING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    lapsed_at = models.DateTimeField(
        null=True, help_text="Since when it is shown on an approval of an older source photo."
    )
    lapsed_for = models.CharField(
        max_length=80,
        blank=True,
        db_default="",
        default="",
        help_text="Identity of the source photo that its approval last lapsed for.",
    )
    created_at = models.DateTimeField()

    objects = GeneratedImageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="generatedimage_newest"),
            models.Index(fields=["account", "sku", "role"], name="generatedimage_of_sku"),
            models.Index(
                fields=["account", "product_key", "role"],
                name="generatedimage_of_product",
                condition=~Q(product_key=""),
            ),
            models.Index(fields=["account", "decision", "-id"], name="generatedimage_decision"),
            models.Index(fields=["account", "sha256"], name="generatedimage_content"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sku", "product_key", "role"],
                condition=Q(decision="approved"),
                name="generatedimage_one_current_per_role",
            ),
            models.UniqueConstraint(
                fields=["call", "position_in_call"], name="generatedimage_once_per_delivery"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="generatedimage_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=Role.values), name="generatedimage_role_known"
            ),
            models.CheckConstraint(
                condition=(Q(sku="") & ~Q(product_key="")) | (~Q(sku="") & Q(product_key="")),
                name="generatedimage_of_a_sku_or_a_product",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_at=None) | Q(decision="approved"),
                name="generatedimage_only_approvals_lapse",
            ),
            models.CheckConstraint(
                condition=~Q(decision="approved") | (Q(is_placeholder=False) & ~Q(role="")),
                name="generatedimage_only_real_ones_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku or self.product_key} {self.get_role_display()}"
