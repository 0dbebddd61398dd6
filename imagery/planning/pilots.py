"""Pilots: some of a batch go first; the rest waits until a person has seen what came of them.

Batches may be large, so what is decided is written down at once, and done in steps afterwards.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.db import transaction

from accounts.models import User
from bulk_uploads.models import Status
from imagery.errors import ImageryError
from imagery.image_sets.status import refresh
from imagery.models import (
    BatchState,
    ImageBatch,
    ImageJob,
    JobState,
    RecipeVersion,
    UploadFollowing,
)
from imagery.planning import replanning
from imagery.planning.chunk_sizes import at_once, rest
from imagery.planning.looking_up import known_of
from imagery.planning.ownership import require_own
from imagery.planning.replanning import target_of
from imagery.planning.sampling import Candidate, candidate, choose, chosen
from jobs import clock, followups
from jobs.claims import Claim, claim
from jobs.enqueue import enqueue_model
from jobs.models import FollowUp

__all__ = [
    "BatchIsBeingPlanned",
    "BatchIsDecided",
    "begin",
    "change_recipe",
    "choose",
    "drop",
    "hold_planning",
    "is_being_planned",
    "release",
]

#: Follow-up kinds; the payload is {"batch_id": primary key}.
BEGUN: Final = "imagery.batch_begun"
DECIDED: Final = "imagery.batch_decided"
REPLANNED: Final = "imagery.batch_replanned"
#: Of who plans a batch: renewed with each chunk, which takes a moment.
LEASE: Final = timedelta(minutes=2)
#: Error code of jobs that were held, and cancelled with their batch.
DROPPED: Final = "dropped"


class BatchIsDecided(ImageryError):
    """The batch has no pilot, or somebody has decided about it before; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("This batch was decided before.")


class BatchIsBeingPlanned(ImageryError):
    """More jobs of the batch are to come, and its pilot is not chosen; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("This batch is still being planned. Decide when its pilot has been made.")


class RecipeWasTried(ImageryError):
    """The batch was planned with this version of the recipe before; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "This batch was planned with this version before. Change the recipe, and choose again."
        )


def hold_planning(batch: ImageBatch) -> Claim | None:
    """While the claim is held nobody decides about the batch. Of one without a pilot: None.

    Call it in the transaction that makes the batch, commit with each chunk, and release it behind
    `begin`. Where its holder stops before, a worker chooses the pilot among what was planned.
    """
    if batch.state != BatchState.PILOT:
        return None
    follow_up = followups.add(kind=BEGUN, payload={"batch_id": batch.pk}, account=batch.account)
    return claim(FollowUp, follow_up.pk, lease=LEASE)


def begin(*, batch: ImageBatch) -> list[int]:
    """Choose the pilot among the jobs that are held, and let it go; the ids of its jobs.

    Call it once all jobs of the batch are planned. Again, it changes nothing. Where no more are
    held than go ahead there is nothing to decide: then the batch is released.
    """
    batch.refresh_from_db(fields=["state", "recipe_version"])
    pilots = batch.jobs.filter(recipe_version_id=batch.recipe_version_id, is_pilot=True)
    if batch.state != BatchState.PILOT or pilots.exists():
        return list(pilots.order_by("id").values_list("id", flat=True))
    if batch.jobs.filter(state=JobState.HELD).count() <= batch.pilot_size:
        with suppress(BatchIsDecided):
            _decide(batch, BatchState.RELEASED, None, is_planned=True)
        return []
    picked = [each.place for each in chosen(_held(batch), batch.pilot_size)]
    with transaction.atomic():
        locked = ImageBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        if locked.state != BatchState.PILOT:
            return []
        batch.jobs.filter(pk__in=picked, state=JobState.HELD).update(
            is_pilot=True, state=JobState.WAITING, run_after=clock.now(), dispatched_at=None
        )
        _tell(batch, picked)
    return picked


def release(batch: ImageBatch, by: User | None) -> None:
    """Let the rest of the batch go. Raises BatchIsDecided or BatchIsBeingPlanned."""
    _decide(batch, BatchState.RELEASED, by)


def drop(batch: ImageBatch, by: User | None) -> None:
    """Cancel what is held of the batch; what the pilot made stays.

    Raises BatchIsDecided or BatchIsBeingPlanned.
    """
    _decide(batch, BatchState.DROPPED, by)


def change_recipe(batch: ImageBatch, version: RecipeVersion, by: User | None) -> None:
    """Plan the whole batch anew by this version, with a pilot again.

    What the pilot has begun goes on; what was held is cancelled. Raises BatchIsDecided,
    BatchIsBeingPlanned, RecipeWasTried, or InvalidRequest for the recipe of another account.
    """
    require_own(batch.account, version)
    if batch.jobs.filter(recipe_version=version).exists():
        raise RecipeWasTried
    with transaction.atomic():
        undecided = ImageBatch.objects.filter(pk=batch.pk, state=BatchState.PILOT)
        if not undecided.update(
            recipe_version=version,
            replanned_to=0,
            estimated_minimum_micros=0,
            estimated_expected_micros=0,
            estimated_maximum_micros=0,
        ):
            raise BatchIsDecided
        _require_planned(batch)
        followups.add(
            kind=REPLANNED,
            payload={"batch_id": batch.pk, "user_id": by.pk if by else None},
            account=batch.account,
        )
    batch.refresh_from_db()


def is_being_planned(batch: ImageBatch) -> bool:
    """Whether jobs of it are still to come: of its request, of rows of its upload, or by another
    version. Up to three queries.

    What was given up is not waited for.
    """
    planning = FollowUp.objects.filter(
        kind__in=(BEGUN, REPLANNED), payload__batch_id=batch.pk, run_after__isnull=False
    )
    being_read = ImageBatch.objects.filter(
        pk=batch.pk, upload__status__in=(Status.DRAFT, Status.IN_PROGRESS)
    )
    following = UploadFollowing.objects.filter(batch=batch, ended_at=None)
    return planning.exists() or being_read.exists() or following.exists()


def after_request(follow_up: FollowUp) -> None:
    """The handler of `BEGUN`: whoever planned the batch came to no end."""
    begin(batch=ImageBatch.objects.select_related("account").get(pk=follow_up.payload["batch_id"]))


def after_decision(follow_up: FollowUp) -> None:
    """The handler of `DECIDED`: what is left of it."""
    batch = ImageBatch.objects.get(pk=follow_up.payload["batch_id"])
    while _STEPS[BatchState(batch.state)](batch):
        rest()


def after_change(follow_up: FollowUp) -> None:
    """The handler of `REPLANNED`."""
    batch = ImageBatch.objects.select_related("account").get(pk=follow_up.payload["batch_id"])
    while replanning.step(batch):
        rest()
    begin(batch=batch)


def _require_planned(batch: ImageBatch) -> None:
    """With the batch locked, so that no planning anew begins behind it."""
    if is_being_planned(batch):
        raise BatchIsBeingPlanned


def _decide(
    batch: ImageBatch, state: BatchState, by: User | None, *, is_planned: bool = False
) -> None:
    with transaction.atomic():
        undecided = ImageBatch.objects.filter(pk=batch.pk, state=BatchState.PILOT)
        if not undecided.update(state=state, decided_at=clock.now(), decided_by=by):
            raise BatchIsDecided
        if not is_planned:
            _require_planned(batch)
        batch.refresh_from_db()
        # Small batches are done with here; a follow-up sees to the rest of large ones.
        if _STEPS[state](batch):
            followups.add(kind=DECIDED, payload={"batch_id": batch.pk}, account=batch.account)


def _release_some(batch: ImageBatch) -> bool:
    return _move_some(batch, state=JobState.WAITING, run_after=clock.now(), dispatched_at=None)


def _drop_some(batch: ImageBatch) -> bool:
    return _move_some(
        batch,
        state=JobState.CANCELLED,
        ended_at=clock.now(),
        error_code=DROPPED,
        message="The batch was dropped after its pilot.",
    )


def _nothing(batch: ImageBatch) -> bool:
    return False


_STEPS: Final[dict[BatchState, Callable[[ImageBatch], bool]]] = {
    BatchState.RELEASED: _release_some,
    BatchState.DROPPED: _drop_some,
    BatchState.PILOT: _nothing,
}


@transaction.atomic
def _move_some(batch: ImageBatch, **fields: object) -> bool:
    """Some of the jobs that are held; whether more may be."""
    held = batch.jobs.filter(state=JobState.HELD).order_by("id")
    some = list(held.select_for_update().values_list("id", flat=True)[: at_once()])
    if some:
        batch.jobs.filter(pk__in=some).update(**fields)
        _tell(batch, some)
    return len(some) == at_once()


def _tell(batch: ImageBatch, job_ids: list[int]) -> None:
    """How their SKUs stand now, and one bell: whoever hears it takes more of what is due."""
    jobs = ImageJob.objects.filter(pk__in=job_ids)
    refresh(account=batch.account, skus=jobs.exclude(sku="").values_list("sku", flat=True))
    waiting = jobs.filter(state=JobState.WAITING).order_by("id").first()
    if waiting is not None:
        enqueue_model(ImageJob, waiting.pk)


def _held(batch: ImageBatch) -> Iterator[Candidate]:
    """In steps; the place of each is the id of its job."""
    behind = 0
    while True:
        held = batch.jobs.filter(state=JobState.HELD, pk__gt=behind).order_by("id")
        some = list(held[: at_once()])
        if not some:
            return
        known = known_of(account_id=batch.account_id, targets=[target_of(job) for job in some])
        for job, each in zip(some, known, strict=True):
            yield candidate(job.pk, each)
        behind = some[-1].pk
