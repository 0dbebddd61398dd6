"""An account with a few variants to be stocked."""

import pytest

from accounts.models import Account
from tests.catalog.stock.stocking import variants
from tests.factories.accounts import AccountFactory


@pytest.fixture
def account(db) -> Account:
    made: Account = AccountFactory.create()
    variants(made, "FAN-1", "FAN-2", "FAN-3")
    return made
