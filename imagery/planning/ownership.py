"""Whose recipe it is: nobody makes pictures by another account's."""

from accounts.models import Account
from imagery.errors import InvalidRequest
from imagery.models import RecipeVersion


def require_own(account: Account, version: RecipeVersion) -> None:
    """Raises InvalidRequest."""
    if version.recipe.account_id != account.pk:
        raise InvalidRequest("This account has no such recipe.")
