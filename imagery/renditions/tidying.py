"""What becomes due by itself: other presets, and the files of an account that is deleted."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import F, Q

from accounts.models import Account
from imagery.models import Publication
from imagery.renditions import files
from imagery.renditions.presets import PRESETS_DIGEST
from imagery.renditions.settling import SECOND_LOOK_AFTER
from jobs import clock, followups, periodic
from jobs.models import FollowUp

KIND: Final = "imagery.remove_public_files"
_EVERY: Final = timedelta(minutes=1)
#: Built anew in a minute at the most, so that new presets do not keep everything else waiting.
_AT_ONCE: Final = 60
#: Files; in a bucket each is a request or two.
_REMOVED_AT_ONCE: Final = 1_000


def register() -> None:
    periodic.register("imagery.rebuild_outdated_renditions", _EVERY, rebuild_outdated)
    followups.register(KIND, remove_files)


def rebuild_outdated() -> None:
    """Make due some of those that were built when the presets were others."""
    other = Q(presets__gt="", presets__lt=PRESETS_DIGEST) | Q(presets__gt=PRESETS_DIGEST)
    idle = Publication.objects.filter(other, run_after=None, failure_code="")
    some = list(idle.order_by().values_list("pk", flat=True)[:_AT_ONCE])
    if some:
        idle.filter(pk__in=some).update(
            run_after=clock.now(), dispatched_at=None, attempts=0, asked=F("asked") + 1
        )


def receive_deletion(sender: type[Account], instance: Account, **_: Any) -> None:
    """Its rows go with it, and nobody would know of its files."""
    followups.add(kind=KIND, payload={"account": str(instance.uuid)})


def remove_files(follow_up: FollowUp) -> None:
    """Those of the account, what is public first, some at a time; and once more later: a worker may
    just be writing another one."""
    account = follow_up.payload["account"]
    removed = files.remove_directory(files.public_directory(account), most=_REMOVED_AT_ONCE)
    removed += files.remove_directory(account, most=_REMOVED_AT_ONCE - removed)
    if removed == _REMOVED_AT_ONCE:
        followups.add(kind=KIND, payload=follow_up.payload)
    elif not follow_up.payload.get("again"):
        FollowUp.objects.create(
            kind=KIND,
            payload={"account": account, "again": True},
            run_after=clock.now() + SECOND_LOOK_AFTER,
        )
