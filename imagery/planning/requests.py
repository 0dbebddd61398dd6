"""Asking for pictures: from SKUs to jobs, however many, without paying twice for what is there."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Account, User
from bulk_uploads.models import BulkUpload
from imagery.errors import InvalidRequest, PlanningInterrupted
from imagery.models import (
    BatchState,
    HookEndpoint,
    ImageBatch,
    ImageJob,
    RecipeVersion,
    Trigger,
)
from imagery.planning import pilots
from imagery.planning.batches import add_to_batch, begin_plan, new_batch
from imagery.planning.chunk_sizes import chunks_of, rest
from imagery.planning.chunks import Asking, plan_chunk
from imagery.planning.ownership import require_own
from imagery.planning.targets import Target, check_targets
from jobs import clock
from jobs.claims import Claim
from jobs.enqueue import enqueue_model
from jobs.errors import ClaimLost

__all__ = ["Requested", "Target", "request_images"]


@dataclass(frozen=True, slots=True)
class Requested:
    """`jobs` are ids in the order of the targets; `already` is how many of them were delivered at
    once, as all their pictures were there."""

    batch: ImageBatch
    jobs: tuple[int, ...]
    already: int


def request_images(
    *,
    account: Account,
    targets: Sequence[Target],
    version: RecipeVersion,
    trigger: Trigger,
    requested_by: User | None = None,
    upload: BulkUpload | None = None,
    hook: HookEndpoint | None = None,
    pilot_size: int = 0,
    redo_of: ImageJob | None = None,
    roles: Collection[str] | None = None,
    batch: ImageBatch | None = None,
) -> Requested:
    """Plan jobs and wants for the targets, and ring for the first of them.

    A want that exists is the same want: what is there is not made again. 500 targets are one
    transaction and a fixed number of queries; a row of an upload never gets two jobs of a version.

    `roles` leaves out the steps that these do not need. With `redo_of`, what delivers them (every
    role where none is named) is made anew, under the next redo number of its SKU. With a
    `pilot_size` that is smaller than the number of targets, so many of them go first and the
    others are held. `batch` goes on with one that was made before, in the state that it has.
    Raises InvalidRequest, with nothing planned, or PlanningInterrupted.
    """
    require_own(account, version)
    check_targets(targets)
    if batch is not None and batch.account_id != account.pk:
        raise InvalidRequest("This account has no such batch.")
    plan = begin_plan(version)
    held = None
    if batch is None:
        with transaction.atomic():
            batch = new_batch(
                account=account, version=version, upload=upload, by=requested_by,
                pilot_size=pilot_size if 0 < pilot_size < len(targets) else 0,
            )  # fmt: skip
            held = pilots.hold_planning(batch)
    asking = Asking(
        account=account,
        plan=plan,
        trigger=Trigger(trigger),
        requested_by_id=requested_by.pk if requested_by else None,
        upload_id=upload.pk if upload else None,
        hook_id=hook.pk if hook else None,
        batch_id=batch.pk,
        is_held=batch.state == BatchState.PILOT,
        roles=None if roles is None else frozenset(roles),
        is_redo=redo_of is not None,
    )
    jobs: list[int] = []
    already = 0
    for chunk in chunks_of(targets):
        if jobs:
            rest()
        with transaction.atomic():
            planned = plan_chunk(asking, chunk)
            add_to_batch(batch_id=batch.pk, account=account, plan=plan, planned=planned)
            if planned.ready is not None and not jobs:
                # One bell: whoever hears it takes more of what is due.
                enqueue_model(ImageJob, planned.ready)
            if held is not None:
                _renew(held, planned=len(jobs), of=len(targets))
        jobs += planned.jobs
        already += planned.already
    if held is not None:
        pilots.begin(batch=batch)
        with suppress(ClaimLost):
            held.release(finished_at=clock.now())
    batch.refresh_from_db()
    return Requested(batch=batch, jobs=tuple(jobs), already=already)


def _renew(held: Claim, *, planned: int, of: int) -> None:
    """Behind the chunk, in its transaction: it is undone if somebody may have decided."""
    try:
        held.commit(made_progress=True)
    except ClaimLost as lost:
        raise PlanningInterrupted(
            f"Only {planned:,} of {of:,} SKUs were asked for, as it took too long. Ask for the "
            "others again: what is there is not made twice."
        ) from lost
