"""Workers to do harm to."""

from collections.abc import Iterator

import pytest

from accounts.models import Account
from tests.factories.accounts import AccountFactory
from tests.faults.workers import WorkerHost, worker_host


@pytest.fixture(scope="session")
def host_of_all_tests(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[WorkerHost]:
    with (
        django_db_blocker.unblock(),
        worker_host(tmp_path_factory.mktemp("workers") / "log") as host,
    ):
        yield host


@pytest.fixture
def host(host_of_all_tests, transactional_db) -> Iterator[WorkerHost]:
    yield host_of_all_tests
    host_of_all_tests.forget()


@pytest.fixture
def accounts(transactional_db) -> tuple[Account, Account]:
    """One for what is disturbed, one for what it is compared with."""
    calm, other = AccountFactory.create_batch(2)
    return calm, other
