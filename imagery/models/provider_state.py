"""How a provider stands with an account: how much may be asked of it, and whether at all."""

from django.db import models
from django.db.models import F, Q


class ProviderState(models.Model):
    """One row per provider and account, changed in the transaction that reserves money.

    `per_minute` calls may begin in the minute from `window_began_at` (null: no bound). At most
    `most_at_once` calls are out; `at_once_now` is what the provider bears at present: halved when
    it says that it is too much, one more with each call that goes well. Until `cool_down_until`
    nothing is asked; `refusals_in_a_row` makes that longer where the provider names no time.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="provider_states"
    )
    provider = models.CharField(max_length=40)
    per_minute = models.PositiveIntegerField("calls per minute", null=True, blank=True)
    window_began_at = models.DateTimeField(null=True, editable=False)
    window_calls = models.PositiveIntegerField(default=0, editable=False)
    most_at_once = models.PositiveSmallIntegerField("calls at once", default=4)
    at_once_now = models.PositiveSmallIntegerField(default=4, editable=False)
    cool_down_until = models.DateTimeField(null=True, editable=False)
    retry_after = models.DurationField(
        null=True, editable=False, help_text="What the provider last asked for."
    )
    refusals_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    pause_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["provider", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "provider"], name="providerstate_once_per_account"
            ),
            models.CheckConstraint(
                condition=Q(at_once_now__gte=1, at_once_now__lte=F("most_at_once")),
                name="providerstate_calls_at_once_within_bound",
            ),
            models.CheckConstraint(
                condition=Q(per_minute=None) | Q(per_minute__gte=1),
                name="providerstate_rate_is_a_rate",
            ),
        ]

    def __str__(self) -> str:
        return self.provider


class ProviderPause(models.Model):
    """A provider that nobody may ask, whatever the account: its key or its money is gone.

    Keys are the operator's, so a refusal of one is met by every account.
    """

    provider = models.CharField(max_length=40, unique=True)
    reason = models.CharField(max_length=300)
    paused_at = models.DateTimeField()

    class Meta:
        ordering = ["provider"]

    def __str__(self) -> str:
        return self.provider
