"""How the fetching of pictures stands in each of a person's accounts."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.access import accounts_for, may
from accounts.models import Account, User
from catalog.models import MediaAsset, MediaFetching

#: Accounts shown above the list; who has more chooses one in the filter.
_MOST_ACCOUNTS: Final = 5
#: Counted so far at most: nobody waits for a page because of a number.
COUNTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    count: int

    @property
    def is_capped(self) -> bool:
        return self.count > COUNTED

    @property
    def shown(self) -> int:
        return min(self.count, COUNTED)


@dataclass(frozen=True, slots=True)
class AccountFetching:
    account: Account
    is_on: bool
    waiting: Counted
    failed: Counted
    may_turn: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """`is_allowed` is the operator's word on fetching as such."""

    is_allowed: bool
    accounts: list[AccountFetching]


def overview(person: User | AnonymousUser) -> Overview:
    accounts = list(accounts_for(person, "catalog.view_mediaasset")[: _MOST_ACCOUNTS + 1])
    shown = accounts if len(accounts) <= _MOST_ACCOUNTS else []
    off = set(
        MediaFetching.objects.filter(account__in=shown, is_on=False).values_list("account_id")
    )
    return Overview(
        is_allowed=settings.MEDIA_FETCHING,
        accounts=[
            AccountFetching(
                account=account,
                is_on=(account.pk,) not in off,
                waiting=_counted(account.media_assets.filter(due_at__isnull=False)),
                failed=_counted(account.media_assets.filter(failed_at__isnull=False)),
                may_turn=may(person, "catalog.change_mediafetching", account_id=account.pk),
            )
            for account in shown
        ],
    )


def _counted(assets: QuerySet[MediaAsset]) -> Counted:
    return Counted(assets.order_by().values("pk")[: COUNTED + 1].count())
