"""Two accounts with the example file in them."""

import pytest

from accounts.models import Account
from tests.catalog.editing.edits import EXAMPLE
from tests.factories.accounts import AccountFactory
from tests.imports import import_file


@pytest.fixture
def account(db: None) -> Account:
    """An account with the example file in it."""
    account = AccountFactory.create()
    import_file(account, EXAMPLE)
    return account


@pytest.fixture
def other(db: None) -> Account:
    """Somebody else's account with the same file in it."""
    account = AccountFactory.create()
    import_file(account, EXAMPLE)
    return account
