"""What may be spent: by an account in a month, and for one upload."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q


class Purse(models.Model):
    """A cap, and what is held against it; all in micro-units of the budget's currency.

    `reserved` is what open calls may still cost, `settled` what calls did cost, `at_risk` what
    calls of unknown outcome may have cost. Nothing is reserved beyond the cap; what was settled
    may lie above it, because a cap may be lowered and a provider may charge more than it said.
    """

    cap_micros = models.BigIntegerField("cap")
    reserved_micros = models.BigIntegerField("reserved", default=0)
    settled_micros = models.BigIntegerField("settled", default=0)
    at_risk_micros = models.BigIntegerField("at risk", default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    cap_micros__gte=0,
                    reserved_micros__gte=0,
                    settled_micros__gte=0,
                    at_risk_micros__gte=0,
                ),
                name="%(class)s_amounts_not_negative",
            ),
        ]

    @property
    def used_micros(self) -> int:
        return self.reserved_micros + self.settled_micros + self.at_risk_micros

    @property
    def free_micros(self) -> int:
        return max(0, self.cap_micros - self.used_micros)


class Budget(models.Model):
    """What an account spends on pictures in a month at most. Without one, nothing is spent."""

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="image_budget"
    )
    currency = models.CharField(max_length=3, editable=False)
    monthly_cap_micros = models.BigIntegerField(
        "monthly cap", default=0, validators=[MinValueValidator(0)]
    )
    is_on = models.BooleanField("paid providers are on", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(monthly_cap_micros__gte=0), name="budget_cap_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"Budget in {self.currency}"

    @property
    def cap_in_force_micros(self) -> int:
        return self.monthly_cap_micros if self.is_on else 0


class BudgetMonth(Purse):
    """An account's spending in the month that begins on `month` (UTC).

    A call stays with the month it was reserved in, whenever it is settled. `told_percent` is the
    highest threshold that the account's managers were told of.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="budget_months", db_index=False
    )
    month = models.DateField()
    told_percent = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(Purse.Meta):
        ordering = ["-month", "id"]
        constraints = [
            *Purse.Meta.constraints,
            models.UniqueConstraint(fields=["account", "month"], name="budgetmonth_once"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="budgetmonth_begins_on_the_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class UploadBudget(Purse):
    """The cap of one upload's own, within its account's; 0 keeps it from paid providers."""

    upload = models.OneToOneField(
        "bulk_uploads.BulkUpload", on_delete=models.CASCADE, related_name="image_budget"
    )

    class Meta(Purse.Meta):
        pass

    def __str__(self) -> str:
        return f"Budget of upload {self.upload_id}"
