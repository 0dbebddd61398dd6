"""What people (or a rule of theirs) decided about images, and whose turn it is to look."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from imagery.models.generated_image import Decision


class RejectReason(models.TextChoices):
    """In the order of the keys 1 to 9 of the light table."""

    WRONG_PRODUCT = "wrong_product", "Not this product"
    WRONG_SHAPE = "wrong_shape", "Shape or proportions are wrong"
    WRONG_COLOUR = "wrong_colour", "Colour or material is wrong"
    WRONG_DETAIL = "wrong_detail", "Logo, label or detail is wrong"
    BAD_EDGES = "bad_edges", "Edges or cut-out are bad"
    BAD_BACKGROUND = "bad_background", "Background is wrong"
    CROPPED = "cropped", "Product is cropped or too small"
    ARTEFACTS = "artefacts", "Artefacts, text or watermark"
    LOW_QUALITY = "low_quality", "Blurred or low quality"


class DecisionKind(models.TextChoices):
    APPROVE = "approve", "Approved"
    REJECT = "reject", "Rejected"
    SUPERSEDE = "supersede", "Superseded"
    LAPSE = "lapse", "Lapsed: the source photo changed"
    UNDO = "undo", "Decision taken back"


class ReviewDecision(models.Model):
    """One entry of the audit trail, appended and never changed.

    It holds for the bytes named by `sha256`. Neither person nor program: a rule of the account
    decided, and `note` says which. `caused_by` is the approval that another image gave way to, or
    what an undo took back.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    image = models.ForeignKey(
        "imagery.GeneratedImage", on_delete=models.PROTECT, related_name="decisions"
    )
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=DecisionKind)
    before = models.CharField(max_length=10, choices=Decision)
    lapsed_at = models.DateTimeField(
        null=True, help_text="When the approval before had lapsed, if it had."
    )
    after = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=20, choices=RejectReason, blank=True)
    note = models.CharField(max_length=500, blank=True)
    caused_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="effects"
    )
    redo_job = models.ForeignKey(
        "imagery.ImageJob",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="What makes the image anew, if a rejection began that.",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.ForeignKey(
        "accounts.ApiToken", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="reviewdecision_newest"),
            models.Index(fields=["account", "user", "-at"], name="reviewdecision_by_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DecisionKind.values), name="reviewdecision_kind_known"
            ),
            models.CheckConstraint(
                condition=(Q(kind="reject") & Q(reason__in=RejectReason.values))
                | (~Q(kind="reject") & Q(reason="")),
                name="reviewdecision_reason_of_a_rejection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M}"


class ReviewTicket(models.Model):
    """A SKU (or a product, for what its variants share) with images to look at.

    It is handed to one person at a time, for as long as `held_until`; one that is assigned, to
    nobody else. Closed tickets stay, with nothing `waiting`.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="review_tickets", db_index=False
    )
    sku = models.CharField("SKU", max_length=200, blank=True)
    product_key = models.CharField(max_length=500, blank=True)
    waiting = models.PositiveIntegerField("images to review", default=0)
    since = models.DateTimeField(help_text="When the oldest image that waits was made.")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    held_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since", "id"]
        indexes = [
            models.Index(
                fields=["account", "since", "id"],
                name="reviewticket_queue",
                condition=Q(waiting__gt=0),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sku", "product_key"], name="reviewticket_once"
            ),
            models.CheckConstraint(
                condition=(Q(sku="") & ~Q(product_key="")) | (~Q(sku="") & Q(product_key="")),
                name="reviewticket_of_a_sku_or_a_product",
            ),
        ]

    def __str__(self) -> str:
        return self.sku or self.product_key
