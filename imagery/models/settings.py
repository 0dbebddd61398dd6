"""What an account decided about its pictures."""

from typing import Final

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

MOST_REDOS: Final = 10


class UnknownPolicy(models.TextChoices):
    """What follows a call of which nobody knows whether it was done."""

    RESEND_ONCE = "resend_once", "Send it once more, then ask the next provider"
    WAIT = "wait", "Wait until a person has found out"
    NEXT_RUNG = "next_rung", "Ask the next provider"


class ImagerySettings(models.Model):
    """An account without a row has the defaults."""

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="imagery_settings"
    )
    unknown_policy = models.CharField(
        "after an unknown outcome",
        max_length=20,
        choices=UnknownPolicy,
        default=UnknownPolicy.RESEND_ONCE,
        help_text="The first call may have been charged: its money stays at risk meanwhile.",
    )
    placeholder_is_public = models.BooleanField(
        "show the stock picture publicly",
        default=False,
        help_text="Where a SKU has no approved picture yet.",
    )

    follows_catalog = models.BooleanField(
        "follow the catalog",
        default=True,
        db_default=True,
        help_text="What people and programs change of a SKU that has pictures is made anew, as far "
        "as its pictures show it.",
    )
    recipe_for_new = models.ForeignKey(
        "imagery.Recipe",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="recipe for new variants",
        help_text="Makes pictures of what is created in the admin or through the API. Empty: "
        "nothing is made until somebody asks. Files say it with each upload.",
    )
    redo_budget = models.PositiveSmallIntegerField(
        "redos of a role",
        default=1,
        validators=[MaxValueValidator(MOST_REDOS)],
        help_text="How often a role is made anew by itself once all of it was rejected.",
    )
    auto_approve = models.BooleanField(
        "approve by rule",
        default=False,
        help_text="Approve an image without a person if no channel's check finds a fault that its "
        "rendition does not put right.",
    )
    auto_approve_fidelity = models.PositiveSmallIntegerField(
        "fidelity at least (%)",
        default=95,
        validators=[MaxValueValidator(100)],
        help_text="How true to its reference an image must be to be approved by rule.",
    )

    class Meta:
        verbose_name_plural = "imagery settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(unknown_policy__in=UnknownPolicy.values),
                name="imagerysettings_policy_known",
            ),
            models.CheckConstraint(
                condition=Q(redo_budget__lte=MOST_REDOS, auto_approve_fidelity__lte=100),
                name="imagerysettings_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"Imagery settings of account {self.account_id}"


def settings_of(account_id: int) -> ImagerySettings:
    """The account's own, or the defaults (not saved)."""
    found = ImagerySettings.objects.filter(account_id=account_id).first()
    return found or ImagerySettings(account_id=account_id)
