"""Incoming hooks: where a shop or PIM announces products, and what it has announced."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from imagery.models.budget import Purse
from imagery.models.recipe import MOST_IMAGES


class HookEndpointQuerySet(models.QuerySet["HookEndpoint"]):
    def for_account(self, account_id: int) -> "HookEndpointQuerySet":
        return self.filter(account_id=account_id)


class HookEndpoint(models.Model):
    """An address that makes pictures of what is announced to it, by one recipe, within a cap.

    Its secret is stored nowhere: it follows from the installation's key, the address and
    `generation`. The secret of the generation before is good until `previous_until`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="hook_endpoints"
    )
    name = models.CharField(max_length=100, help_text="Who calls it, for people.")
    recipe = models.ForeignKey(
        "imagery.Recipe", on_delete=models.PROTECT, related_name="hook_endpoints"
    )
    images = models.PositiveSmallIntegerField(
        "images a step",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_IMAGES)],
        help_text="Empty: as many as the recipe says.",
    )
    monthly_cap_micros = models.BigIntegerField(
        "monthly cap", default=0, validators=[MinValueValidator(0)]
    )
    generation = models.PositiveIntegerField("generation of the secret", default=1, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = HookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "webhook"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                name="hookendpoint_name_per_account",
                violation_error_message="This account already has a webhook of this name.",
            ),
            models.CheckConstraint(
                condition=Q(monthly_cap_micros__gte=0), name="hookendpoint_cap_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(generation__gte=1), name="hookendpoint_generation_from_one"
            ),
            models.CheckConstraint(
                condition=Q(images=None) | Q(images__gte=1, images__lte=MOST_IMAGES),
                name="hookendpoint_some_images",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HookMonth(Purse):
    """What an endpoint's pictures cost in the month that begins on `month` (UTC)."""

    endpoint = models.ForeignKey(
        HookEndpoint, on_delete=models.CASCADE, related_name="months", db_index=False
    )
    month = models.DateField()

    class Meta(Purse.Meta):
        ordering = ["-month", "id"]
        constraints = [
            *Purse.Meta.constraints,
            models.UniqueConstraint(fields=["endpoint", "month"], name="hookmonth_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="hookmonth_begins_on_the_first"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} of webhook {self.endpoint_id}"


class HookDelivery(models.Model):
    """One announcement: taken once, whatever number of times it is sent; done by a follow-up.

    `products` are those it names, as they were checked: SKU and inputs. They are emptied once they
    were dealt with; `jobs` and `already` say what came of them, `problem` why nothing could.
    """

    endpoint = models.ForeignKey(
        HookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    webhook_id = models.CharField("webhook-id", max_length=255)
    event = models.CharField(max_length=100)
    products = models.JSONField(default=list)
    product_count = models.PositiveIntegerField("products")
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    jobs = models.PositiveIntegerField("image jobs", default=0)
    already = models.PositiveIntegerField("there already", default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "hook deliveries"
        indexes = [models.Index(fields=["endpoint", "-id"], name="hookdelivery_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "webhook_id"], name="hookdelivery_taken_once"
            ),
        ]

    def __str__(self) -> str:
        return self.webhook_id
