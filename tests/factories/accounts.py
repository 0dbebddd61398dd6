"""Accounts, people, their roles, and API tokens."""

from typing import Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory, Password

from accounts.models import Account, ApiToken, Membership, User
from accounts.roles import Role
from accounts.scopes import Scope
from accounts.tokens import issue_token


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    slug = Sequence(lambda n: f"account-{n}")
    name = Sequence(lambda n: f"Account {n}")
    currency = "INR"


class UserFactory(DjangoModelFactory[User]):
    """Somebody who may open the admin, and belongs to no account yet."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = Sequence(lambda n: f"person-{n}")
    email = LazyAttribute(lambda user: f"{user.username}@example.com")
    password = Password("correct horse")
    is_staff = True


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    account = SubFactory(AccountFactory)
    user = SubFactory(UserFactory)
    role = Role.MANAGER


class ApiTokenFactory(DjangoModelFactory[ApiToken]):
    """A token of all scopes; the secret it was issued with is its `raw`."""

    class Meta:
        model = ApiToken

    account = SubFactory(AccountFactory)
    name = Sequence(lambda n: f"Program {n}")
    scopes = list(Scope.values)

    class Params:
        revoked = Trait(revoked_at=LazyFunction(timezone.now))

    @classmethod
    def _create(cls, model_class: type[ApiToken], *args: Any, **kwargs: Any) -> ApiToken:
        revoked_at = kwargs.pop("revoked_at", None)
        last_used_at = kwargs.pop("last_used_at", None)
        token, raw = issue_token(**kwargs)
        token.revoked_at, token.last_used_at = revoked_at, last_used_at
        token.save()
        token.raw = raw  # type: ignore[attr-defined]
        return token
