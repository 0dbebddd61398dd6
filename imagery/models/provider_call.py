"""One call to a provider: what was asked, how it ended, and what it cost."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from imagery.models.price_row import OPERATIONS
from imagery.providers.protocol import OutcomeClass


class CallState(models.TextChoices):
    """A lost call that was planned was never sent; the outcome of one that was sending is open."""

    PLANNED = "planned", "Planned"
    SENDING = "sending", "Sending"
    ENDED = "ended", "Ended"


class WaitsFor(models.TextChoices):
    """Why a planned call has not gone out."""

    BUDGET = "budget", "The month's budget is used up"
    UPLOAD_BUDGET = "upload_budget", "The upload's budget is used up"
    HOOK_BUDGET = "hook_budget", "The webhook's budget is used up"
    PRICE = "price_missing", "No price is set"
    PRICE_PAUSED = "price_paused", "The price is paused"
    PROVIDER_PAUSED = "provider_paused", "The provider is paused"
    COOL_DOWN = "cool_down", "The provider asked to wait"
    RATE = "rate", "The provider's rate is reached"
    CONCURRENCY = "concurrency", "As many calls as allowed are out"


OUTCOMES = [(outcome.value, outcome.value.replace("_", " ")) for outcome in OutcomeClass]


class ProviderCall(models.Model):
    """What was asked stands on it in full: replaying it builds the identical request.

    `reserved` is all that was ever held for the call: settled, released and at risk are parts
    of it, and of a call that has ended nothing else is left. All in micro-units.

    While it is sending, the call holds one of the provider's slots until `slot_until`; after that
    its worker is taken for dead, and the slot is another's. `overran`: it cost more than reserved.
    `resolved_at`: what became of an unknown outcome was found out, or decided by a person.
    From `answered_at` on it holds no slot: what it delivered is being fetched and stored.

    `rung` is the place in the step's ladder it was made for. `reference_path` is where the bytes
    that were sent along lie in our storage.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="provider_calls", db_index=False
    )
    upload = models.ForeignKey(
        "bulk_uploads.BulkUpload",
        on_delete=models.SET_NULL,
        null=True,
        related_name="provider_calls",
    )
    job = models.ForeignKey(
        "imagery.ImageJob", on_delete=models.SET_NULL, null=True, related_name="calls"
    )
    step = models.ForeignKey(
        "imagery.RecipeStep", on_delete=models.PROTECT, null=True, related_name="calls"
    )
    wants = models.ManyToManyField("imagery.Want", through="imagery.CallWant", related_name="calls")
    provider = models.CharField(max_length=40)
    model = models.CharField("model asked", max_length=100)
    model_actual = models.CharField(max_length=100, blank=True)
    operation = models.CharField(max_length=30, choices=OPERATIONS)
    quality = models.CharField(max_length=30, blank=True)
    prompt = models.TextField(blank=True)
    size = models.CharField(max_length=30, blank=True)
    parameters = models.JSONField(default=dict)
    reference_url = models.CharField(max_length=2000, blank=True)
    reference_sha256 = models.CharField(max_length=64, blank=True)
    reference_path = models.CharField(max_length=300, blank=True)
    reference_content_type = models.CharField(max_length=30, blank=True)
    idempotency_key = models.CharField(max_length=100, blank=True)
    images = models.PositiveSmallIntegerField("images asked")
    rung = models.PositiveSmallIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.PLANNED)
    outcome = models.CharField(max_length=20, choices=OUTCOMES, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    request_id = models.CharField(max_length=200, blank=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.CharField(max_length=1000, blank=True)
    price = models.ForeignKey(
        "imagery.PriceRow", on_delete=models.RESTRICT, null=True, related_name="calls"
    )
    month = models.ForeignKey(
        "imagery.BudgetMonth", on_delete=models.RESTRICT, null=True, related_name="calls"
    )
    upload_budget = models.ForeignKey(
        "imagery.UploadBudget", on_delete=models.SET_NULL, null=True, related_name="calls"
    )
    hook_month = models.ForeignKey(
        "imagery.HookMonth", on_delete=models.SET_NULL, null=True, related_name="calls"
    )
    reserved_micros = models.BigIntegerField("reserved", default=0)
    settled_micros = models.BigIntegerField("settled", default=0)
    released_micros = models.BigIntegerField("released", default=0)
    at_risk_micros = models.BigIntegerField("at risk", default=0)
    overran = models.BooleanField("cost more than reserved", default=False)
    waits_for = models.CharField(max_length=20, choices=WaitsFor, blank=True)
    due_at = models.DateTimeField(null=True, help_text="When to try again what has to wait.")
    slot_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sending_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="providercall_newest"),
            models.Index(fields=["provider", "account", "-ended_at"], name="providercall_ended"),
            models.Index(
                fields=["account", "provider", "slot_until"],
                name="providercall_slots",
                condition=Q(state="sending"),
            ),
            models.Index(
                fields=["account", "waits_for", "due_at"],
                name="providercall_waiting",
                condition=Q(state="planned"),
            ),
            models.Index(
                fields=["due_at"],
                name="providercall_due",
                condition=Q(state="planned", due_at__isnull=False),
            ),
            models.Index(
                fields=["slot_until"], name="providercall_lost", condition=Q(state="sending")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    reserved_micros__gte=0,
                    settled_micros__gte=0,
                    released_micros__gte=0,
                    at_risk_micros__gte=0,
                ),
                name="providercall_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    reserved_micros__gte=F("settled_micros")
                    + F("released_micros")
                    + F("at_risk_micros")
                ),
                name="providercall_parts_within_reserve",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended")
                | Q(
                    reserved_micros=F("settled_micros") + F("released_micros") + F("at_risk_micros")
                ),
                name="providercall_ended_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=False) | Q(reserved_micros=0),
                name="providercall_money_has_month",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CallState.values), name="providercall_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(state="ended") & Q(outcome__in=[each for each, _ in OUTCOMES]))
                | (~Q(state="ended") & Q(outcome="")),
                name="providercall_ended_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(operation__in=[each for each, _ in OPERATIONS]),
                name="providercall_operation_known",
            ),
            models.CheckConstraint(condition=Q(images__gte=1), name="providercall_asks_for_images"),
        ]

    def __str__(self) -> str:
        return f"Call {self.pk} to {self.provider}"

    @property
    def open_micros(self) -> int:
        """What is still held for the call."""
        gone = self.settled_micros + self.released_micros + self.at_risk_micros
        return self.reserved_micros - gone
