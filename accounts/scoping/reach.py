"""How far one request reaches: into which accounts, and by which path from each model."""

from dataclasses import dataclass, replace
from typing import TypeVar

from django.contrib.admin import AdminSite
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, Q, QuerySet

from accounts import ownership
from accounts.access import Person, account_ids, sees_every_account

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Reach:
    """`accounts` None stands for every account, as a superuser's."""

    site: AdminSite
    accounts: frozenset[int] | None

    @classmethod
    def of(cls, user: Person, site: AdminSite, *permissions: str) -> "Reach":
        """The accounts in which the person has one of `permissions` (none given: any role)."""
        every = sees_every_account(user)
        return cls(site, None if every else account_ids(user, *permissions))

    def includes(self, account_id: int) -> bool:
        return self.accounts is None or account_id in self.accounts

    def within(self, account_id: int) -> "Reach":
        """The part of this reach that lies in that one account."""
        return replace(self, accounts=frozenset({account_id} if self.includes(account_id) else ()))

    def condition(self, model: type[Model]) -> Q:
        """What picks the rows of `model` that are in reach.

        Raises ImproperlyConfigured if nothing says which account such a row belongs to.
        """
        if self.accounts is None:
            return Q()
        return ownership.owned_by(model, self.path_of(model), self.accounts)

    def rows(self, queryset: QuerySet[M]) -> QuerySet[M]:
        if self.accounts is None:
            return queryset
        return queryset.filter(self.condition(queryset.model))

    def path_of(self, model: type[Model]) -> str:
        registered = self.site._registry.get(model)
        path = getattr(registered, "account_path", None) or ownership.account_path(model)
        if path is None:
            raise ImproperlyConfigured(
                f"Nothing says which account a {model.__name__} belongs to: give the model an "
                "`account_path`, or name the field in the admin's `shared_fields`."
            )
        return str(path)
