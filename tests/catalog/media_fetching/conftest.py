"""An account, and a server of pictures for it."""

from collections.abc import Iterator

import pytest

from accounts.models import Account
from tests.catalog.media_fetching.picture_server import PictureServer, picture_server
from tests.factories.accounts import AccountFactory


@pytest.fixture
def account(db) -> Account:
    return AccountFactory.create()


@pytest.fixture
def server() -> Iterator[PictureServer]:
    with picture_server() as pictures:
        yield pictures
