"""How Django's permission checks are answered: from a person's roles, account by account."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from accounts.access import account_ids, may, roles_of
from accounts.models import User
from accounts.ownership import account_id_of
from accounts.roles import ROLE_PERMISSIONS


class RoleBackend(ModelBackend):
    """Signs people in by password; gives them what their memberships' roles give, nothing else.

    Without an object a permission is held if any membership gives it; with one, only the role in
    that object's account counts, and an object of no account is refused. Django's own groups and
    per-user permissions are not consulted: the table in `accounts.roles` is the whole truth.
    """

    def get_all_permissions(
        self, user_obj: Any, obj: Model | None = None, **kwargs: Any
    ) -> set[str]:
        roles = roles_of(user_obj)
        if obj is None:
            return {perm for role in roles.values() for perm in ROLE_PERMISSIONS[role]}
        account_id = account_id_of(obj)
        role = None if account_id is None else roles.get(account_id)
        return set() if role is None else set(ROLE_PERMISSIONS[role])

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return set()

    def has_perm(
        self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None, **kwargs: Any
    ) -> bool:
        if obj is not None:
            return may(user_obj, perm, account_id=account_id_of(obj))
        return bool(account_ids(user_obj, perm))
