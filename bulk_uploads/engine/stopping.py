"""Whether a worker may go on with its upload: between batches it looks."""

from bulk_uploads.models import BulkUpload
from jobs.claims import Claim
from jobs.errors import ClaimLost


class Cancelled(Exception):
    """Somebody asked for this upload to stop."""


class ApplyFailed(Exception):
    """All or nothing was asked for, the check was clean, and now a row fails all the same."""


def stop_if_told(held: Claim) -> None:
    """Raises Cancelled, or ClaimLost where another worker has the upload by now."""
    mine = BulkUpload.objects.filter(pk=held.job_id, claim_token=held.token)
    asked = list(mine.values_list("cancel_requested_at", flat=True))
    if not asked:
        raise ClaimLost(f"upload {held.job_id} has another holder")
    if asked[0] is not None:
        raise Cancelled
