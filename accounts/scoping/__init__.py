"""Admin classes through which staff see and touch the rows of their own accounts alone."""

from accounts.scoping.inline import AccountScopedInline
from accounts.scoping.model_admin import AccountScopedAdmin

__all__ = ["AccountScopedAdmin", "AccountScopedInline"]
