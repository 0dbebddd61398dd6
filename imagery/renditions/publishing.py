"""Asking for a content to be made public, or to be taken back, in the transaction that decides it.

Both ask the same: that somebody look whether the content is approved, and do what follows.
"""

from typing import Any

from django.db.models import F

from imagery.models import GeneratedImage, Publication
from jobs import clock
from jobs.enqueue import enqueue_model


def publish(image: GeneratedImage) -> None:
    """Have the renditions of an image built that has become the current one."""
    _ask(account_id=image.account_id, sha256=image.sha256)


def withdraw(image: GeneratedImage) -> None:
    """Have the renditions removed of an image that is not the current one any more; unless another
    one with the same bytes is."""
    _ask(account_id=image.account_id, sha256=image.sha256)


def ask_for_missing(*, account_id: int, sha256: str) -> None:
    """Have renditions built that should be there and are not; asked any number of times at once,
    one job is due. Nothing is written where one is, or where there can be none."""
    rows = Publication.objects.filter(account_id=account_id, sha256=sha256)
    idle = rows.filter(run_after=None, failure_code="")
    pk = idle.values_list("pk", flat=True).first()
    if pk is not None:
        fields = _fields(built_at=None, presets="")
        if idle.filter(pk=pk).update(**fields, asked=F("asked") + 1):
            enqueue_model(Publication, pk)
    elif not rows.exists():
        identity = {"account_id": account_id, "sha256": sha256}
        new, is_new = Publication.objects.get_or_create(
            **identity, defaults={"run_after": clock.now()}
        )
        # Of several who found none, one made it, and rings.
        if is_new:
            enqueue_model(Publication, new.pk)


def receive_approval(sender: object, image: GeneratedImage, **_: Any) -> None:
    publish(image)


def receive_withdrawal(sender: object, image: GeneratedImage, **_: Any) -> None:
    withdraw(image)


def _ask(*, account_id: int, sha256: str) -> None:
    rows = Publication.objects.filter(account_id=account_id, sha256=sha256)
    if not rows.update(**_fields(), asked=F("asked") + 1):
        fresh = Publication(account_id=account_id, sha256=sha256, run_after=clock.now())
        Publication.objects.bulk_create([fresh], ignore_conflicts=True)
    enqueue_model(Publication, rows.values_list("pk", flat=True).get())


def _fields(**more: Any) -> dict[str, Any]:
    return {
        "run_after": clock.now(),
        "dispatched_at": None,
        "attempts": 0,
        "removed_at": None,
        "failure_code": "",
        "failure": "",
        **more,
    }
