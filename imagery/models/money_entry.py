"""The ledger: one line for each movement of money, written once and never changed."""

from django.db import models
from django.db.models import Q


class EntryKind(models.TextChoices):
    RESERVE = "reserve", "Reserved"
    CORRECTION = "correction", "Charged above the reserve"
    SETTLE = "settle", "Settled"
    RELEASE = "release", "Released"
    AT_RISK = "at_risk", "At risk"


class MoneyEntry(models.Model):
    """`amount_micros` is added to the sum of its kind, and is negative only where money that was
    at risk has been resolved. In every month reserve + correction = settle + release + at risk +
    what open calls hold.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="money_entries", db_index=False
    )
    month = models.ForeignKey(
        "imagery.BudgetMonth", on_delete=models.RESTRICT, related_name="entries"
    )
    call = models.ForeignKey(
        "imagery.ProviderCall", on_delete=models.RESTRICT, related_name="entries"
    )
    kind = models.CharField(max_length=10, choices=EntryKind)
    amount_micros = models.BigIntegerField("amount")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "money entries"
        indexes = [models.Index(fields=["account", "-id"], name="moneyentry_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="moneyentry_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="at_risk") | Q(amount_micros__gte=0),
                name="moneyentry_only_risk_is_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount_micros}"
