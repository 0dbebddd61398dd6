"""Taking away what nothing shows any more: first marked, and gone a week later.

Part of the account's one job, so that nobody fetches a picture while it is being removed.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from bulk_sql import tables
from catalog.media_fetching import storing
from catalog.models import MediaAsset, MediaFetching, MediaFile, MediaLink
from jobs import clock
from jobs.claims import Claim

#: How long a picture that no variant shows is kept, should one show it again.
KEPT_FOR: Final = timedelta(days=7)
EVERY: Final = timedelta(days=1)
_PAGE: Final = 500


def tidy_step(fetching: MediaFetching, held: Claim) -> bool:
    """One bounded step; whether more is left to do. Raises ClaimLost."""
    now = clock.now()
    if now < fetching.tidy_due_at:
        return False
    if _look_at_assets(fetching, held, at=now) or _remove_files(fetching, held):
        return True
    fetching.tidy_due_at, fetching.tidy_behind = now + EVERY, ""
    held.commit(tidy_due_at=fetching.tidy_due_at, tidy_behind="")
    return False


def _look_at_assets(fetching: MediaFetching, held: Claim, *, at: datetime) -> bool:
    """A page of assets along their addresses: mark what nothing shows, clear marks of what is
    shown again, remove what has been marked for long."""
    rows = MediaAsset.objects.filter(account=fetching.account_id, url__gt=fetching.tidy_behind)
    shown = Exists(MediaLink.objects.filter(asset=OuterRef("pk")))
    page = list(
        rows.annotate(is_shown=shown)
        .order_by("url")
        .values_list("pk", "url", "is_shown", "unlinked_since")[:_PAGE]
    )
    if not page:
        return False
    long_ago = at - KEPT_FOR
    with transaction.atomic():
        idle = [pk for pk, _, is_shown, since in page if not is_shown and since is None]
        MediaAsset.objects.filter(pk__in=idle).update(unlinked_since=at)
        back = [pk for pk, _, is_shown, since in page if is_shown and since is not None]
        MediaAsset.objects.filter(pk__in=back).update(unlinked_since=None)
        _remove_assets(
            [pk for pk, _, is_shown, since in page if not is_shown and since and since <= long_ago],
            marked_before=long_ago,
        )
        fetching.tidy_behind = page[-1][1]
        held.commit(made_progress=True, tidy_behind=fetching.tidy_behind)
    return True


def _remove_assets(asset_ids: list[int], *, marked_before: datetime) -> None:
    """Unless a variant has come to show it since it was looked at (see `writing.media`)."""
    if not asset_ids:
        return
    ways = tables()
    ways.execute(
        f"DELETE FROM catalog_mediaasset WHERE id {ways.in_list} AND unlinked_since <= %s "  # noqa: S608 - our own names
        "AND NOT EXISTS "
        "(SELECT 1 FROM catalog_medialink l WHERE l.asset_id = catalog_mediaasset.id)",
        [ways.among(asset_ids), ways.moment(marked_before)],
    )


def _remove_files(fetching: MediaFetching, held: Claim) -> bool:
    """Files that no asset has: never finished ones, and those of assets that are gone."""
    in_use = Exists(MediaAsset.objects.filter(file=OuterRef("pk")))
    unused = MediaFile.objects.filter(~in_use, account=fetching.account_id)
    doomed = list(unused.values_list("pk", "storage_path", "thumbnail_path")[:_PAGE])
    if not doomed:
        return False
    ids = [pk for pk, _, _ in doomed]
    with transaction.atomic():
        # From here on nobody takes the bytes for whole, should we be stopped half-way.
        MediaFile.objects.filter(pk__in=ids).update(stored_at=None)
        held.commit()
    for _, storage_path, thumbnail_path in doomed:
        storing.remove(storage_path=storage_path, thumbnail_path=thumbnail_path)
    with transaction.atomic():
        MediaFile.objects.filter(~in_use, pk__in=ids).delete()
        held.commit(made_progress=True)
    return True
