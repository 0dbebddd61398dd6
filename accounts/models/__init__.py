"""Accounts, the people in them, and the tokens that act for them."""

from accounts.models.account import Account
from accounts.models.api_token import ApiToken, TokenState
from accounts.models.membership import Membership
from accounts.models.user import User

__all__ = ["Account", "ApiToken", "Membership", "TokenState", "User"]
