"""An account with a small catalog of one file."""

import pytest

from accounts.models import Account
from tests.factories.accounts import AccountFactory


@pytest.fixture
def account() -> Account:
    return AccountFactory.create()
