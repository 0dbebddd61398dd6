"""Which of an account's pictures are due, and taking some of them for a try."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Min, Q

from catalog.models import AssetState, MediaAsset
from outbound.targets import host_of

#: How long a try can take at the very most: whoever began it and was killed left it due again then.
TAKEN_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DueAsset:
    """`attempts` are the tries begun before this one."""

    id: int
    url: str
    host: str
    attempts: int
    due_at: datetime


def due_page(
    *, account_id: int, at: datetime, behind: DueAsset | None, limit: int
) -> list[DueAsset]:
    """The longest due first; `behind` is the last one of the page before."""
    rows = MediaAsset.objects.filter(account_id=account_id, due_at__lte=at)
    if behind is not None:
        rows = rows.filter(
            Q(due_at__gt=behind.due_at) | Q(due_at=behind.due_at, id__gt=behind.id),
            due_at__gte=behind.due_at,
        )
    found = rows.order_by("due_at", "id").values_list("id", "url", "attempts", "due_at")
    return [
        DueAsset(id=pk, url=url, host=host_of(url), attempts=attempts, due_at=due_at)
        for pk, url, attempts, due_at in found[:limit]
        if due_at is not None
    ]


def take(asset_ids: list[int], *, at: datetime) -> frozenset[int]:
    """Count a try for each, before it is made; the ids of those that are still due.

    A picture that kills whoever decodes it would otherwise be tried for ever.
    """
    still_due = MediaAsset.objects.filter(
        pk__in=asset_ids, state=AssetState.PENDING, due_at__lte=at
    )
    taken = frozenset(still_due.select_for_update().values_list("pk", flat=True))
    MediaAsset.objects.filter(pk__in=taken).update(
        attempts=F("attempts") + 1, due_at=at + TAKEN_FOR
    )
    return taken


def put_back(asset_ids: list[int], *, at: datetime) -> None:
    """Due again, with the try not counted: what broke it off was no doing of theirs."""
    if asset_ids:
        # Whoever asked for it to be fetched again meanwhile has begun the count anew.
        tried = MediaAsset.objects.filter(
            pk__in=asset_ids, state=AssetState.PENDING, attempts__gt=0
        )
        tried.update(attempts=F("attempts") - 1, due_at=at)


def next_due(*, account_id: int) -> datetime | None:
    """When the account's next picture is due; None if none is waiting."""
    waiting = MediaAsset.objects.filter(account_id=account_id, due_at__isnull=False)
    moment: datetime | None = waiting.aggregate(first=Min("due_at"))["first"]
    return moment
