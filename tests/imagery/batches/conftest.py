"""An account whose files ask for images by a recipe of its own."""

import pytest

from accounts.models import Account
from tests.factories.accounts import AccountFactory
from tests.imagery.planning.catalogs import recipe


@pytest.fixture
def account(db: None) -> Account:
    """With a recipe `own`: one hero, from title and style tags."""
    account = AccountFactory.create()
    recipe(account)
    return account
