"""What a provider's work costs from a date on: a row that is followed by another, not edited."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from imagery.providers.protocol import Operation


class PriceUnit(models.TextChoices):
    IMAGE = "image", "Image"
    CREDIT = "credit", "Credit"
    TOKENS = "tokens", "1,000 tokens"


OPERATIONS = [(operation.value, operation.value.replace("_", " ")) for operation in Operation]


class PriceRow(models.Model):
    """In micro-units of the account's budget currency; "" in a name stands for any.

    `unit_micros` is the price of one image, of one credit, or of 1,000 tokens that come out;
    unknown (null) it must be set in a row of the account's own before anything is bought.
    `most_per_image` says how many credits, or tokens out, one image takes at most; `input_micros`
    and `most_input` the price of 1,000 tokens that go in, and how many one call takes at most.
    A row without an account is delivered with the application, and holds for everyone who has none
    of their own. A paused row buys nothing: a provider charged more than the row said.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, related_name="image_prices"
    )
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=100, blank=True)
    operation = models.CharField(max_length=30, blank=True, choices=OPERATIONS)
    quality = models.CharField(max_length=30, blank=True)
    from_date = models.DateField("from")
    unit = models.CharField(max_length=10, choices=PriceUnit)
    unit_micros = models.BigIntegerField(
        "price of a unit", null=True, blank=True, validators=[MinValueValidator(0)]
    )
    most_per_image = models.PositiveIntegerField("units per image at most", default=1)
    input_micros = models.BigIntegerField(
        "price of 1,000 tokens in", default=0, validators=[MinValueValidator(0)]
    )
    most_input = models.PositiveIntegerField("tokens in per call at most", default=0)
    source = models.CharField(max_length=300, help_text="Where the price is stated.")
    paused_at = models.DateTimeField(null=True, editable=False)
    pause_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["provider", "model", "operation", "quality", "-from_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "provider", "model", "operation", "quality", "from_date"],
                name="pricerow_once_per_account_and_date",
            ),
            models.UniqueConstraint(
                fields=["provider", "model", "operation", "quality", "from_date"],
                condition=Q(account=None),
                name="pricerow_delivered_once_per_date",
            ),
            models.CheckConstraint(
                condition=Q(unit_micros=None) | Q(unit_micros__gte=0),
                name="pricerow_price_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(input_micros__gte=0), name="pricerow_input_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=PriceUnit.values), name="pricerow_unit_known"
            ),
            models.CheckConstraint(
                condition=Q(operation__in=["", *(each.value for each in Operation)]),
                name="pricerow_operation_known",
            ),
        ]

    def __str__(self) -> str:
        named = " ".join(
            part for part in (self.provider, self.model, self.operation, self.quality) if part
        )
        return f"{named} from {self.from_date}"
