"""Which roles a SKU needs: by the nearest category that has rules, or the account's default."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from accounts.models import Account
from catalog.models import Category
from imagery.errors import InvalidRequest
from imagery.models import ImageSetRule, ImageSetSweep, Role
from jobs import clock
from jobs.enqueue import enqueue

_ORDER = {role.value: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Rules:
    """Roles by the path of the category; `default` is for what no category covers."""

    by_path: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default: tuple[str, ...] = ()

    def required(self, category_path: str) -> tuple[str, ...]:
        """Empty where nobody has said what is needed."""
        path = category_path
        while path:
            if path in self.by_path:
                return self.by_path[path]
            path = path.rpartition("/")[0]
        return self.default


def set_rules(*, account: Account, category: Category | None, roles: Collection[str]) -> None:
    """These roles, and no others, are what the category needs; None: what no category covers.

    The account's SKUs are looked at anew, in the background. Raises InvalidRequest for the
    category of another account, or a role that there is not.
    """
    if category is not None and category.account_id != account.pk:
        raise InvalidRequest("This account has no such category.")
    if unknown := set(roles) - set(_ORDER):
        raise InvalidRequest(f"There is no role {min(unknown)!r}.")
    with transaction.atomic():
        # Whoever sets them at the same time takes turns.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        stored = ImageSetRule.objects.filter(account=account, category=category)
        known = set(stored.values_list("role", flat=True))
        stored.exclude(role__in=roles).delete()
        ImageSetRule.objects.bulk_create(
            ImageSetRule(account=account, category=category, role=role)
            for role in sorted(set(roles) - known, key=_ORDER.__getitem__)
        )
        ask_for_sweep(account)


def ask_for_sweep(account: Account) -> None:
    """Have every SKU looked at anew; in the transaction of what makes that necessary."""
    sweep, _ = ImageSetSweep.objects.get_or_create(account=account)
    ImageSetSweep.objects.filter(pk=sweep.pk).update(
        asked=F("asked") + 1, behind="", run_after=clock.now(), dispatched_at=None
    )
    enqueue(sweep)


def rules_of(*, account_id: int) -> Rules:
    """One query."""
    by_path: defaultdict[str | None, list[str]] = defaultdict(list)
    rows = ImageSetRule.objects.filter(account_id=account_id)
    for path, role in rows.values_list("category__path", "role"):
        by_path[path].append(role)
    ordered = {
        path: tuple(sorted(roles, key=_ORDER.__getitem__)) for path, roles in by_path.items()
    }
    return Rules(
        by_path={path: roles for path, roles in ordered.items() if path is not None},
        default=ordered.get(None, ()),
    )
