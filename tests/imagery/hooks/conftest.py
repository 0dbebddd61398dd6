"""An account that has webhooks."""

import pytest

from accounts.models import Account
from tests.factories.accounts import AccountFactory


@pytest.fixture
def account(db: None) -> Account:
    return AccountFactory.create()
