"""Browsers of people signed in to the admin, by what they are in an account."""

from django.test import Client

from accounts.models import Account
from accounts.roles import Role
from tests.factories.accounts import MembershipFactory, UserFactory

SUPERUSER = "superuser"
STRANGER = "no membership"
#: Everybody who can sign in to the admin at all.
EVERYBODY = (*Role.values, SUPERUSER, STRANGER)


def client_as(who: str, *accounts: Account) -> Client:
    """`who` is a role in each of the accounts, SUPERUSER, or STRANGER."""
    user = UserFactory(is_superuser=who == SUPERUSER)
    if who in Role.values:
        for account in accounts:
            MembershipFactory(account=account, user=user, role=who)
    client = Client()
    client.force_login(user)
    client.user = user  # type: ignore[attr-defined]
    return client
