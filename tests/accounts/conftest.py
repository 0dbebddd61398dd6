"""Two businesses, and signed-in people with roles in them."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Account, User
from accounts.roles import Role
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory

SignIn = Callable[..., Client]


@pytest.fixture
def ours(db) -> Account:
    return AccountFactory.create(slug="ours", name="Our Fans")


@pytest.fixture
def theirs(db) -> Account:
    return AccountFactory.create(slug="theirs", name="Their Lamps")


@pytest.fixture
def person(db) -> User:
    return UserFactory.create(username="anna")


@pytest.fixture
def sign_in(person) -> SignIn:
    """`sign_in(Role.MANAGER, ours)`, or several pairs; without any the person has no role."""

    def signed_in(*roles_and_accounts: object) -> Client:
        pairs = zip(roles_and_accounts[::2], roles_and_accounts[1::2], strict=True)
        for role, account in pairs:
            assert isinstance(role, Role)
            MembershipFactory.create(user=person, role=role, account=account)
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def superuser(db) -> Client:
    client = Client()
    client.force_login(UserFactory.create(username="root", is_superuser=True))
    return client
