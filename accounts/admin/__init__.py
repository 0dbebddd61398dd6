"""The admin pages of accounts, members, API tokens and people."""

from accounts.admin.account import AccountAdmin
from accounts.admin.api_token import ApiTokenAdmin
from accounts.admin.membership import MembershipAdmin
from accounts.admin.user import UserAdmin

__all__ = ["AccountAdmin", "ApiTokenAdmin", "MembershipAdmin", "UserAdmin"]
