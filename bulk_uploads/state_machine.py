"""The states of an upload: draft -> in_progress -> success | failure, each step compare-and-swap.

Every step is also fenced by the claim: only the worker that holds the upload can take it.
"""

from typing import Any

from django.db import IntegrityError, transaction

from bulk_uploads.models import BulkUpload, Status
from jobs import clock, followups
from jobs.claims import Claim
from jobs.errors import ClaimLost

#: Follow-up kind; its payload is {"upload_id": primary key}.
ENDED_FOLLOW_UP = "bulk_upload.ended"


def start(held: Claim) -> bool:
    """draft -> in_progress. False while another upload of the account is in progress."""
    now = clock.now()
    try:
        with transaction.atomic():
            _swap(
                held,
                from_status=Status.DRAFT,
                status=Status.IN_PROGRESS,
                started_at=now,
                has_turn=True,
            )
    except IntegrityError:
        return False
    return True


def fail_draft(held: Claim, **fields: Any) -> None:
    """draft -> in_progress -> failure at once: it ends without ever having had its turn."""
    with transaction.atomic():
        _swap(
            held,
            from_status=Status.DRAFT,
            status=Status.IN_PROGRESS,
            started_at=clock.now(),
        )
        fail(held, **fields)


def update_progress(held: Claim, **fields: Any) -> None:
    """Write progress of an upload in progress; the last statement of the batch's transaction."""
    held.commit(made_progress=True, updated_at=clock.now(), **fields)


def succeed(held: Claim, **fields: Any) -> None:
    """in_progress -> success, with the follow-up, in one transaction."""
    _end(held, Status.SUCCESS, **fields)


def fail(held: Claim, **fields: Any) -> None:
    """in_progress -> failure, with the follow-up, in one transaction."""
    _end(held, Status.FAILURE, **fields)


def _end(held: Claim, status: Status, **fields: Any) -> None:
    with transaction.atomic():
        _swap(
            held,
            from_status=Status.IN_PROGRESS,
            status=status,
            ended_at=clock.now(),
            has_turn=False,
            run_after=None,
            claim_token=None,
            lease_expires_at=None,
            dispatched_at=None,
            **fields,
        )
        upload = BulkUpload.objects.select_related("account").get(pk=held.job_id)
        followups.add(
            kind=ENDED_FOLLOW_UP, payload={"upload_id": upload.pk}, account=upload.account
        )


def _swap(held: Claim, *, from_status: Status, **fields: Any) -> None:
    mine = BulkUpload.objects.filter(
        pk=held.job_id, claim_token=held.token, status=from_status.value
    )
    if not mine.update(updated_at=clock.now(), **fields):
        raise ClaimLost(f"upload {held.job_id} is not {from_status.value} in this worker's hands")
