"""An account that may spend 100 micro-units a month."""

import pytest

from accounts.models import Account
from imagery.money.budgets import set_budget
from tests.factories.accounts import AccountFactory


@pytest.fixture
def account(db: None) -> Account:
    account = AccountFactory.create()
    set_budget(account=account, monthly_cap_micros=100)
    return account
