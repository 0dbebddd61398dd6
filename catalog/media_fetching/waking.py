"""Waking an account's fetching: by the dispatcher as things come due, or because someone asks.

The due assets themselves are the only list of what is to do. Whoever writes one (an import, a
page, the API) writes nothing else, and nothing can be forgotten.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from accounts.models import Account
from catalog.models import AssetState, MediaAsset, MediaFetching
from jobs import clock, periodic
from jobs.enqueue import enqueue_model

EVERY: Final = timedelta(seconds=5)


def register() -> None:
    periodic.register("catalog.wake_media_fetching", EVERY, wake_due)


def wake_due() -> None:
    """Make due the jobs of all accounts where pictures or tidying are; the dispatcher rings.

    A job that failed keeps to the time it was put off to: as long as its attempts count, only
    somebody who asks makes it due before.
    """
    at = clock.now()
    if settings.MEDIA_FETCHING:
        _make_missing(at=at)
    has_due = Exists(MediaAsset.objects.filter(account=OuterRef("account"), due_at__lte=at))
    wanted = Q(tidy_due_at__lte=at)
    if settings.MEDIA_FETCHING:
        wanted |= Q(has_due, is_on=True)
    unharmed = Q(run_after=None) | Q(attempts=0)
    idle = MediaFetching.objects.filter(_resting(at), unharmed, wanted)
    _make_due(list(idle.values_list("pk", flat=True)), at=at)


def fetch_again(*, asset_ids: Collection[int], account_ids: Collection[int] | None) -> int:
    """Begin anew with those of these pictures that are not fetched, in these accounts (None: in
    any); how many that are."""
    at = clock.now()
    unfetched = MediaAsset.objects.filter(pk__in=list(asset_ids)).exclude(state=AssetState.FETCHED)
    if account_ids is not None:
        unfetched = unfetched.filter(account_id__in=list(account_ids))
    accounts = set(unfetched.order_by().values_list("account_id", flat=True))
    begun = unfetched.update(
        state=AssetState.PENDING,
        due_at=at,
        attempts=0,
        failed_at=None,
        failure_code="",
        failure="",
    )
    _ring_for(accounts, at=at)
    return begun


def turn(*, account: Account, on: bool) -> None:
    """Have the account's pictures fetched, or leave them where they are."""
    MediaFetching.objects.update_or_create(account=account, defaults={"is_on": on})
    if on:
        _ring_for({account.pk}, at=clock.now())


def _ring_for(account_ids: Collection[int], *, at: datetime) -> None:
    MediaFetching.objects.bulk_create(
        [MediaFetching(account_id=pk) for pk in account_ids], ignore_conflicts=True
    )
    jobs = MediaFetching.objects.filter(account_id__in=list(account_ids), is_on=True)
    for pk in jobs.values_list("pk", flat=True):
        _make_due([pk], at=at)
        enqueue_model(MediaFetching, pk)


def _make_missing(*, at: datetime) -> None:
    due = MediaAsset.objects.filter(account=OuterRef("pk"), due_at__lte=at)
    new = Account.objects.filter(Exists(due), media_fetching=None).order_by()
    missing = [MediaFetching(account_id=pk) for pk in new.values_list("pk", flat=True)]
    if missing:
        MediaFetching.objects.bulk_create(missing, ignore_conflicts=True)


def _resting(at: datetime) -> Q:
    """Held by nobody, and not due already."""
    return Q(claim_token=None) & (Q(run_after=None) | Q(run_after__gt=at))


def _make_due(job_ids: Collection[int], *, at: datetime) -> None:
    if job_ids:
        MediaFetching.objects.filter(_resting(at), pk__in=list(job_ids)).update(
            run_after=at, dispatched_at=None
        )
