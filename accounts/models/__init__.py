"""Accounts, the people in them, and the tokens that act for them."""

from accounts.models.account import Account
from accounts.models.user import User

__all__ = ["Account", "User"]
