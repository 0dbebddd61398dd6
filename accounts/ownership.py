"""Which account an object belongs to, found by the path of relations from its model."""

from collections.abc import Collection

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import ForeignKey, Model, Q

from accounts.models import Account, User


def account_path(model: type[Model]) -> str | None:
    """The lookup from `model` to its account, such as "account" or "variant__account".

    A model says it in `account_path`, unless it has a foreign key named `account`.
    None: rows of the model belong to no account.
    """
    if issubclass(model, Account):
        return "pk"
    if issubclass(model, User):
        return "memberships__account"
    declared = getattr(model, "account_path", None)
    if isinstance(declared, str):
        return declared
    try:
        field = model._meta.get_field("account")
    except FieldDoesNotExist:
        return None
    return "account" if isinstance(field, ForeignKey) else None


def owned_by(model: type[Model], path: str, account_ids: Collection[int]) -> Q:
    """The condition that picks the rows of `model` in these accounts, each row once."""
    condition = Q(**{f"{path}__in": account_ids})
    if _leads_forward(model, path):
        return condition
    # A person may be a member of several of the accounts: joining would repeat the row.
    return Q(pk__in=model._default_manager.filter(condition).values("pk"))


def account_id_of(obj: Model, path: str | None = None) -> int | None:
    """The account `obj` belongs to; None if it has none (yet), or may have many, as people do."""
    path = path or account_path(type(obj))
    if path is None or not _leads_forward(type(obj), path):
        return None
    *relations, last = path.split("__")
    owner: Model | None = obj
    for relation in relations:
        try:
            owner = getattr(owner, relation)
        except ObjectDoesNotExist:
            return None
        if owner is None:
            return None
    account_id: int | None = getattr(owner, "pk" if last == "pk" else f"{last}_id")
    return account_id


def _leads_forward(model: type[Model], path: str) -> bool:
    """Whether every step of `path` is a foreign key, so that a row has at most one account."""
    field = None if path == "pk" else model._meta.get_field(path.split("__")[0])
    if field is None:
        return True
    if not isinstance(field, ForeignKey):
        return False
    rest = path.partition("__")[2]
    return not rest or _leads_forward(field.remote_field.model, rest)
