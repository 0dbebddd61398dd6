"""What a worker does when the bell rings for a publication."""

import logging
from datetime import timedelta
from typing import Final

from django.db import DatabaseError

from imagery.models import Publication
from imagery.renditions import files
from imagery.renditions.settling import settle
from jobs import clock
from jobs.backoff import delay
from jobs.claims import Claim, claim
from jobs.errors import ClaimLost

# Longer than the queue lets any task run, so that a lease never ends under a live worker.
_LEASE: Final = timedelta(minutes=6)

logger = logging.getLogger(__name__)


def settle_publication(pk: int) -> None:
    """Build what an approved content lacks, or remove what is there of any other."""
    held = claim(Publication, pk, lease=_LEASE)
    if held is None:
        return
    publication = Publication.objects.select_related("account").get(pk=pk)
    try:
        settle(publication, held)
    except ClaimLost:
        logger.warning("%s was taken over by another worker, or is gone", publication)
        _clear_up_after_account(publication)
    except Exception:
        # Database, storage, our own mistakes: later again.
        logger.exception("%s: attempt %s failed", publication, publication.attempts)
        _give_back(held, wait=delay(attempts=publication.attempts))
    except BaseException:
        # Told to stop: the next worker need not wait for the lease to run out.
        _give_back(held, wait=timedelta())
        raise


def _clear_up_after_account(publication: Publication) -> None:
    """What was written while its account was being deleted is nobody's any more."""
    if not Publication.objects.filter(
        account_id=publication.account_id, sha256=publication.sha256
    ).exists():
        files.remove_directory(files.directory_of(publication.account.uuid, publication.sha256))


def _give_back(held: Claim, *, wait: timedelta) -> None:
    """Where even that fails, the lease runs out by itself."""
    try:
        held.release(run_after=clock.now() + wait)
    except ClaimLost:
        logger.warning("Publication %s was taken over by another worker", held.job_id)
    except DatabaseError:
        logger.warning("Publication %s could not be given back", held.job_id, exc_info=True)
