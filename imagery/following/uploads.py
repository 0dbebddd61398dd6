"""Following a catalog upload that has ended: its rows, part by part, are made image jobs."""

import time
from collections.abc import Collection, Iterable
from datetime import timedelta
from operator import attrgetter
from typing import Final

from django.db import transaction
from django.db.models import F

from bulk_uploads.models import BulkUpload, Outcome, RowResult, Status
from bulk_uploads.processors import RowOutcome
from catalog.importing.processor import CatalogProcessor
from imagery.batches.options import cap_of
from imagery.following.consequences import lapse_approvals, settle
from imagery.following.earlier_parts import earlier_parts
from imagery.following.rows import FollowedRow, followed_rows, targets_of
from imagery.models import (
    BatchState,
    GeneratedImage,
    ImageJob,
    ImageSetRule,
    Role,
    Trigger,
    UploadFollowing,
)
from imagery.money.budgets import set_upload_cap
from imagery.planning import pilots
from imagery.planning.batches import add_to_batch, begin_plan, new_batch
from imagery.planning.chunk_sizes import at_once, rest
from imagery.planning.chunks import Asking, plan_chunk
from imagery.planning.recipe_plan import RecipePlan
from imagery.recipes.drafts import UnknownRecipe
from imagery.recipes.editing import version_in_force
from jobs import clock
from jobs.claims import Claim
from jobs.enqueue import enqueue, enqueue_model

SLICE: Final = timedelta(seconds=60)


def after_upload(upload: BulkUpload) -> None:
    """Told of each upload that ends, perhaps more than once: one following is made of it.

    Also of one that was cut short, where rows were applied before: the next file finds them
    unchanged.
    """
    has_rows = upload.status == Status.SUCCESS or upload.created_rows or upload.updated_rows
    is_import = upload.processor_name == CatalogProcessor.name and not upload.is_dry_run
    name = upload.options.get("recipe")
    if has_rows and is_import and (name or _has_consequences(upload)):
        with transaction.atomic():
            following, is_new = UploadFollowing.objects.get_or_create(
                upload=upload,
                defaults={"account": upload.account, "run_after": clock.now()},
            )
            if is_new:
                if name:
                    choose_recipe(following, upload, name)
                enqueue(following)


def _has_consequences(upload: BulkUpload) -> bool:
    """Whether there are pictures that a file could concern, or grids to be drawn."""
    account_id = upload.account_id
    grids = ImageSetRule.objects.filter(account_id=account_id, role=Role.SWATCH_GRID)
    return GeneratedImage.objects.for_account(account_id).exists() or grids.exists()


def choose_recipe(following: UploadFollowing, upload: BulkUpload, name: str) -> None:
    """As it is in force now: what is planned later is planned by the same version."""
    try:
        version = version_in_force(account=upload.account, name=name)
    except UnknownRecipe as error:
        following.problem = str(error)
    else:
        following.recipe_version = version
        following.batch = new_batch(
            account=upload.account,
            version=version,
            upload=upload,
            by=upload.created_by,
            pilot_size=upload.options.get("pilot", 0),
        )
        if (cap := cap_of(upload)) is not None:
            set_upload_cap(upload=upload, cap_micros=cap)
    following.save(update_fields=["recipe_version", "batch", "problem"])


class Run:
    """A worker's slice of one following; all it knows is in the row, so any worker can go on."""

    def __init__(self, following: UploadFollowing, held: Claim) -> None:
        self._following = following
        self._held = held
        self._rang = False
        version = following.recipe_version
        self._plan = begin_plan(version) if version is not None else None
        self._earlier = earlier_parts(following.upload) if version is not None else []

    def work(self) -> bool:
        """Whether it ended; otherwise it is due again."""
        ends_at = time.monotonic() + SLICE.total_seconds()
        while self.step():
            if time.monotonic() >= ends_at:
                self._held.release(run_after=clock.now())
                return False
            rest()
        batch = self._following.batch
        if batch is not None:
            if not batch.jobs.exists():
                # Nothing was new: a batch of nothing would be one more to look at.
                batch.delete()
            elif batch.state == BatchState.PILOT:
                pilots.begin(batch=batch)
        self._held.release(run_after=None, ended_at=clock.now())
        return True

    def step(self) -> bool:
        """One chunk of rows in one transaction with the checkpoint, but for approvals that lapse;
        False when none is left."""
        following = self._following
        rows = _next_rows(following, self._earlier)
        if not rows:
            return False
        followed = followed_rows(
            account_id=following.account_id, upload_id=following.upload_id, outcomes=rows
        )
        touched = {row.sku: row.touched for row in followed}
        lapse_approvals(account=following.account, touched=touched)
        with transaction.atomic():
            jobs = self._request(self._plan, followed) if self._plan is not None else 0
            settle(
                account=following.account,
                touched=touched,
                new=[row.sku for row in followed if row.is_new],
            )
            following.checkpoint_row = rows[-1].row
            self._held.commit(
                made_progress=True, checkpoint_row=rows[-1].row, jobs=F("jobs") + jobs
            )
        return True

    def _request(self, plan: RecipePlan, followed: list[FollowedRow]) -> int:
        following, batch = self._following, self._following.batch
        asking = Asking(
            account=following.account,
            plan=plan,
            trigger=Trigger.UPLOAD,
            requested_by_id=following.upload.created_by_id,
            upload_id=following.upload_id,
            batch_id=batch.pk if batch else None,
            is_held=batch is not None and batch.state == BatchState.PILOT,
            follows=True,
        )
        # What is new is asked for when a retry brings the rest, or the file comes again; what
        # changed is not seen then.
        cut_short = following.upload.status != Status.SUCCESS
        planned = plan_chunk(asking, targets_of(plan, followed, only_asked=cut_short))
        if batch is not None:
            add_to_batch(batch_id=batch.pk, account=following.account, plan=plan, planned=planned)
        if planned.ready is not None and not self._rang:
            # One bell: whoever hears it takes more of what is due, and the dispatcher rings too.
            enqueue_model(ImageJob, planned.ready)
            self._rang = True
        return len(planned.jobs)


def _next_rows(following: UploadFollowing, earlier: Collection[int]) -> list[RowOutcome]:
    """Of the upload and of earlier parts of its file, whose rows it finds unchanged, as it would
    if it were all of the file. A query for each."""
    rows = [
        RowOutcome(row, key, Outcome(outcome), object_id)
        for row, key, outcome, object_id in _ledger(following.upload_id, following.checkpoint_row)
    ]
    rows += [
        RowOutcome(row, key, Outcome.UNCHANGED, object_id)
        for part in earlier
        for row, key, outcome, object_id in _ledger(part, following.checkpoint_row)
        if outcome != Outcome.FAILED
    ]
    return sorted(rows, key=attrgetter("row"))[: at_once()]


def _ledger(upload_id: int, behind: int) -> Iterable[tuple[int, str | None, int, int | None]]:
    rows = RowResult.objects.filter(upload_id=upload_id, is_dry=False, row__gt=behind)
    return rows.order_by("row").values_list("row", "key", "outcome", "object_id")[: at_once()]
