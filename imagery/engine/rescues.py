"""What a rescue came to: the want has its picture, or asks for it anew."""

import logging
import time
from datetime import timedelta

from django.db import transaction

from imagery.engine import events, picture_rows
from imagery.engine.policy import Policy, Retries
from imagery.engine.settling import move_left
from imagery.engine.standing import refresh_statuses_of
from imagery.engine.taking_back import take_back_unneeded
from imagery.engine.waking import wake_jobs_of
from imagery.models import (
    ImageRescue,
    ProviderCall,
    UnrescuedImage,
    Want,
    WantState,
)
from imagery.money import ledger
from imagery.providers.protocol import CallOutcome, OutcomeClass
from imagery.rehosting.rescuing import Rescued, due_rows, next_try, try_all
from imagery.rehosting.storing import StoredImage
from jobs import clock
from jobs.claims import Claim, claim
from jobs.errors import ClaimLost

#: Longer than one try of several addresses takes.
_LEASE = timedelta(minutes=4)

logger = logging.getLogger(__name__)


def rescue(rescue_id: int, *, policy: Policy) -> None:
    """All that is due for the account, if nobody else is at it."""
    held = claim(ImageRescue, rescue_id, lease=_LEASE)
    if held is None:
        return
    job = ImageRescue.objects.get(pk=rescue_id)
    ends_at = time.monotonic() + policy.slice_seconds
    try:
        while time.monotonic() < ends_at and _one_batch(job, held, policy, ends_at):
            pass
    except ClaimLost:
        logger.warning("%s was taken over by another worker", job)
        return
    left = UnrescuedImage.objects.filter(account=job.account_id, lost_at=None)
    held.release(run_after=left.order_by("due_at").values_list("due_at", flat=True).first())


def _one_batch(job: ImageRescue, held: Claim, policy: Policy, ends_at: float) -> bool:
    rows = due_rows(account_id=job.account_id, at=clock.now())
    if not rows:
        return False
    for one in try_all(rows, policy=policy.collection, until=ends_at + _LEASE.total_seconds() / 4):
        with transaction.atomic():
            changed = keep(one, retries=policy.retries)
            held.commit(made_progress=True)
        wake_jobs_of(changed)
        refresh_statuses_of(changed)
    return True


@transaction.atomic
def keep(one: Rescued, *, retries: Retries) -> frozenset[int]:
    """Write the picture, or when to try again, or that it is lost. The wants that were changed.

    A want that has got its picture elsewhere meanwhile leaves this one as nobody's in particular.
    """
    at = clock.now()
    wants = list(
        Want.objects.filter(call_wants__call=one.row.call)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    call = ledger.locked(one.row.call)
    row = UnrescuedImage.objects.filter(pk=one.row.pk, lost_at=None).first()
    if row is None:
        return frozenset()
    want = next((want for want in wants if want.pk == row.want_id), None)
    if isinstance(one.result, StoredImage):
        return _keep_picture(call, row, want or wants[0], one.result)
    due_at = next_try(row, one.result, at=at)
    row.attempts += 1
    row.failure_code, row.failure = one.result.code[:100], one.result.message[:300]
    row.due_at, row.lost_at = due_at, None if due_at else at
    row.save(update_fields=["attempts", "failure_code", "failure", "due_at", "lost_at"])
    if due_at is not None or want is None or want.state != WantState.OPEN:
        return frozenset()
    lost = CallOutcome(OutcomeClass.SHORT, code=row.failure_code, message=row.failure)
    move_left(call, [want], lost, retries=retries, at=at)
    return frozenset({want.pk})


def _keep_picture(
    call: ProviderCall, row: UnrescuedImage, like: Want, stored: StoredImage
) -> frozenset[int]:
    is_wanted = like.pk == row.want_id and like.state == WantState.OPEN
    want = like if is_wanted else None
    image = picture_rows.picture(
        call, like, want, stored, position=row.position_in_call, at=clock.now()
    )
    image.save()
    row.delete()
    take_back_unneeded(picture_rows.satisfy([image.want_id]))
    picture_rows.share_cost(call)
    events.tell_of([image])
    return frozenset({like.pk} if is_wanted else ())
