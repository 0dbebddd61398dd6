"""A membership: the one role a person has in one account."""

from django.conf import settings
from django.db import models

from accounts.models.account import Account
from accounts.roles import Role


class Membership(models.Model):
    """What a person may see and do follows from these rows alone (superusers aside)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "member"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user"],
                name="membership_once_per_account_and_user",
                violation_error_message="This person is already a member of the account.",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        # Named by the person only where that costs no query.
        role = str(self.get_role_display())
        return f"{self.user} as {role.lower()}" if Membership.user.is_cached(self) else role
