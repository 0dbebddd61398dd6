"""Planning a batch anew by another version of its recipe, step by step."""

from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.models import Account
from imagery.models import BatchState, ImageBatch, ImageJob, JobState, Trigger
from imagery.planning.batches import add_to_batch, begin_plan
from imagery.planning.chunk_sizes import at_once
from imagery.planning.chunks import Asking, plan_chunk
from imagery.planning.targets import Target
from jobs import clock

#: Error code of jobs that were held, and cancelled here.
PLANNED_ANEW: Final = "planned_anew"


def target_of(job: ImageJob) -> Target:
    """What was asked for with the job."""
    return Target(
        sku=job.sku,
        product_key=job.product_key,
        inputs=job.inputs,
        images=job.images,
        upload_row=job.upload_row,
    )


def step(batch: ImageBatch) -> bool:
    """Some of the jobs of earlier versions: each gets one of the version that the batch now has,
    and is cancelled if it was held. Whether any were left; killed in between, nothing is doubled.
    Of a batch that was decided about nothing is planned any more.
    """
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=batch.account_id)
        batch.refresh_from_db(from_queryset=ImageBatch.objects.select_for_update(no_key=True))
        if batch.state != BatchState.PILOT:
            return False
        earlier = batch.jobs.filter(
            ~Q(recipe_version_id=batch.recipe_version_id), pk__gt=batch.replanned_to
        ).exclude(state=JobState.CANCELLED)
        some = list(earlier.order_by("id")[: at_once()])
        if not some:
            return False
        _plan(batch, some)
        now = clock.now()
        batch.jobs.filter(pk__in=[job.pk for job in some], state=JobState.HELD).update(
            state=JobState.CANCELLED,
            ended_at=now,
            error_code=PLANNED_ANEW,
            message="The batch was planned anew, by another version of the recipe.",
        )
        batch.replanned_to = some[-1].pk
        batch.save(update_fields=["replanned_to"])
    return True


def _plan(batch: ImageBatch, jobs: list[ImageJob]) -> None:
    plan = begin_plan(batch.recipe_version)
    first = jobs[0]
    asking = Asking(
        account=batch.account,
        plan=plan,
        trigger=Trigger(first.trigger),
        requested_by_id=first.requested_by_id,
        upload_id=batch.upload_id,
        hook_id=first.hook_id,
        batch_id=batch.pk,
        is_held=True,
    )
    planned = plan_chunk(asking, [target_of(job) for job in jobs])
    add_to_batch(batch_id=batch.pk, account=batch.account, plan=plan, planned=planned)
