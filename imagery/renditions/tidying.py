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


def register() -> None:
    periodic.register("imagery.rebuild_outdated_renditions", _EVERY, rebuild_outdated)
    followups.register(KIND, remove_public_files)


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


def remove_public_files(follow_up: FollowUp) -> None:
    """All of the account's, and once more later: a worker may just be writing another one."""
    account = follow_up.payload["account"]
    files.remove_directory(files.public_directory(account))
    if not follow_up.payload.get("again"):
        FollowUp.objects.create(
            kind=KIND,
            payload={"account": account, "again": True},
            run_after=clock.now() + SECOND_LOOK_AFTER,
        )
