"""Which accounts a person may act in, and as what: the one answer admin, API and backend share."""

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import Account, Membership, User
from accounts.roles import Role, roles_with

Person = User | AnonymousUser


def roles_of(user: Person) -> Mapping[int, Role]:
    """The person's role by account id. Asked once per user object, as Django's permissions are."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    known: dict[int, Role] | None = getattr(user, "_roles_by_account", None)
    if known is None:
        rows = Membership.objects.filter(user=user).values_list("account_id", "role").order_by()
        known = {account_id: Role(role) for account_id, role in rows}
        user._roles_by_account = known  # type: ignore[attr-defined]
    return known


def sees_every_account(user: Person) -> bool:
    return isinstance(user, User) and user.is_active and user.is_superuser


def account_ids(user: Person, *permissions: str) -> frozenset[int]:
    """Accounts in which the person's role gives at least one of `permissions` (none: any role).

    A superuser needs no membership; ask `sees_every_account` first.
    """
    roles = roles_with(*permissions) if permissions else frozenset(Role)
    return frozenset(account for account, role in roles_of(user).items() if role in roles)


def may(user: Person, permission: str, *, account_id: int | None) -> bool:
    """Whether the person has `permission` in that account; no account (None) is nobody's."""
    if sees_every_account(user):
        return True
    return account_id is not None and account_id in account_ids(user, permission)


def accounts_for(user: Person, permission: str | None = None) -> QuerySet[Account]:
    """Accounts in which this person's role gives `permission` (None: any account of theirs).

    A superuser gets all accounts; who is inactive or not signed in gets none.
    """
    if sees_every_account(user):
        return Account.objects.all()
    wanted = () if permission is None else (permission,)
    return Account.objects.filter(pk__in=account_ids(user, *wanted))
