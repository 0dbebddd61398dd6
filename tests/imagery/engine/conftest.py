"""An account that may spend, and a provider of this machine that it buys from."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.models import Account
from imagery.models import PriceUnit
from imagery.money.budgets import set_budget
from imagery.money.slots import state_of
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import PriceRowFactory
from tests.imagery.engine.working import CREDIT
from tests.imagery.fake_provider import FakeProvider, fake_provider


@pytest.fixture
def account(db: None) -> Account:
    return AccountFactory.create()


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeProvider]:
    """Creativeai, OpenAI and PixelAPI in one, with keys for all of them."""
    with fake_provider() as provider:
        for name in ("CREATIVEAI", "OPENAI", "PIXELAPI"):
            setattr(settings, f"{name}_BASE_URL", provider.url)
        settings.CREATIVEAI_API_KEY = settings.OPENAI_API_KEY = settings.PIXELAPI_KEY = "key"
        yield provider


@pytest.fixture
def rich(account: Account) -> Account:
    """A thousand credits a month; ten for a picture, whoever makes it."""
    set_budget(account=account, monthly_cap_micros=1_000 * CREDIT)
    for provider in ("creativeai", "openai", "pixelapi"):
        PriceRowFactory.create(
            account=account,
            provider=provider,
            unit=PriceUnit.CREDIT,
            unit_micros=CREDIT,
            most_per_image=10,
        )
        state_of(provider=provider, account=account)
    return account
