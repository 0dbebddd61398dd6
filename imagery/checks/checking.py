"""Having images checked: written down with the image, done by the account's one job."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from imagery.engine.events import on_image_saved
from imagery.models import ChannelProfile, GeneratedImage, ImageChecking, ImageMeasures
from imagery.review.signals import image_rejected
from jobs import clock, periodic
from jobs.enqueue import enqueue_model

EVERY: Final = timedelta(seconds=30)
#: The dispatcher must not be held up.
_AT_ONCE: Final = 1_000


def register() -> None:
    periodic.register("imagery.wake_image_checks", EVERY, wake_due)
    on_image_saved(enqueue_all)
    image_rejected.connect(_judge_likes_anew, dispatch_uid="imagery.checks.rejected")


def enqueue_for(image: GeneratedImage) -> None:
    """Measure the image, if its bytes were not measured yet, and judge it (anew)."""
    enqueue_all([image])


def enqueue_all(images: Sequence[GeneratedImage]) -> None:
    """As `enqueue_for`, for many at once; placeholders and pictures made on the way are left out.

    Only written down here, in the caller's transaction: five queries an account.
    """
    at = clock.now()
    wanted = [image for image in images if image.role and not image.is_placeholder]
    ImageMeasures.objects.bulk_create(
        [
            ImageMeasures(image_id=image.pk, account_id=image.account_id, due_at=at)
            for image in wanted
        ],
        update_conflicts=True,
        unique_fields=["image"],
        update_fields=["due_at"],
    )
    wake({image.account_id for image in wanted})


def judge_by(profile: ChannelProfile) -> None:
    """The profile is new, another than it was, or is being taken away: whom it concerns judges
    anew. Call it in the transaction that writes it."""
    concerned = ImageChecking.objects.all()
    if profile.account_id is not None:
        concerned = concerned.filter(account_id=profile.account_id)
    concerned.update(looked_on=None)
    wake(set(concerned.values_list("account_id", flat=True)))


def wake(account_ids: Collection[int]) -> None:
    """Make the accounts' jobs due, and ring for them once the transaction has committed."""
    if not account_ids:
        return
    ImageChecking.objects.bulk_create(
        [ImageChecking(account_id=pk) for pk in sorted(account_ids)], ignore_conflicts=True
    )
    resting = ImageChecking.objects.filter(_resting(), account_id__in=list(account_ids))
    keys = list(resting.values_list("pk", flat=True))
    _make_due(keys)
    for pk in keys:
        enqueue_model(ImageChecking, pk)


def wake_due() -> None:
    """Accounts with images that are due although their job rests, and those whose profiles were
    last looked up on another day: one may have begun."""
    today = clock.now().date()
    has_due = Exists(
        ImageMeasures.objects.filter(account=OuterRef("account"), due_at__isnull=False)
    )
    wanted = Q(looked_on=None) | Q(looked_on__lt=today) | Q(has_due)
    sleeping = ImageChecking.objects.filter(Q(run_after=None), _resting()).filter(wanted)
    _make_due(list(sleeping.values_list("pk", flat=True)[:_AT_ONCE]))


def _make_due(keys: Sequence[int]) -> None:
    if keys:
        ImageChecking.objects.filter(_resting(), pk__in=keys).update(
            run_after=clock.now(), dispatched_at=None
        )


def _resting() -> Q:
    """Held by nobody, and not due already."""
    return Q(claim_token=None) & (Q(run_after=None) | Q(run_after__gt=clock.now()))


def _judge_likes_anew(*, image: GeneratedImage, **_: Any) -> None:
    """What is rejected is no twin of anything any more."""
    likes = ImageMeasures.objects.filter(twin=image)
    if likes.update(due_at=clock.now()):
        wake({image.account_id})
