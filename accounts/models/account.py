"""An account: one business whose catalog, files and spending are kept apart from all others."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length, Upper
from django.db.models.lookups import Exact


class Account(models.Model):
    """One business. `uuid` names it outside (API, storage keys), `slug` in commands and URLs."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(
        max_length=60, unique=True, help_text="Names the account in commands and addresses."
    )
    name = models.CharField(max_length=200)
    currency = models.CharField(
        max_length=3,
        default="INR",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", "Use the three-letter ISO 4217 code.")],
        help_text="ISO 4217 code of every price in this account.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(Exact(Length("currency"), 3), currency=Upper("currency")),
                name="account_currency_is_an_upper_case_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name
