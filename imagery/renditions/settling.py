"""Making the public side of a content as it should be: built while approved, else removed."""

import logging
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from imagery.models import Decision, GeneratedImage, Publication
from imagery.renditions import building, files
from imagery.renditions.errors import CannotBeRendered
from imagery.renditions.presets import PRESETS_DIGEST
from imagery.renditions.telling import tell_of_failure
from jobs import clock
from jobs.claims import Claim
from jobs.enqueue import enqueue_model

#: Of building; removing is tried for ever.
_MOST_ATTEMPTS: Final = 8
#: A picture stays though another one took its place, until that one can be shown.
_LOOK_FOR_SUCCESSOR_AFTER: Final = timedelta(seconds=10)
#: A worker that lost its claim may write once more; by then it cannot be alive any longer.
SECOND_LOOK_AFTER: Final = timedelta(minutes=10)

_GAVE_UP: Final = CannotBeRendered("gave_up", "Whoever rendered it was stopped each time.")

logger = logging.getLogger(__name__)


def settle(publication: Publication, held: Claim) -> None:
    """Do what is to be done, and give the job back. Raises ClaimLost, and what the storage does."""
    same = GeneratedImage.objects.for_account(publication.account_id).filter(
        sha256=publication.sha256
    )
    image = same.filter(decision=Decision.APPROVED).order_by("pk").first()
    if image is None:
        _take_back(publication, held)
    elif publication.presets == PRESETS_DIGEST or publication.failure_code:
        _release(publication, held)
    elif publication.attempts > _MOST_ATTEMPTS:
        _fail(publication, held, image, _GAVE_UP)
    else:
        _build(publication, held, image)


def _build(publication: Publication, held: Claim, image: GeneratedImage) -> None:
    try:
        rows = building.store_renditions(publication, image)
    except CannotBeRendered as refusal:
        _fail(publication, held, image, refusal)
        return
    with transaction.atomic():
        building.write_rows(publication, rows)
        held.commit(made_progress=True, presets=PRESETS_DIGEST, built_at=clock.now())
    files.remove_others(_directory(publication), {row.storage_path for row in rows})
    _release(publication, held)


def _take_back(publication: Publication, held: Claim) -> None:
    if publication.built_at is not None and _is_still_shown(publication):
        _release(publication, held, after=_LOOK_FOR_SUCCESSOR_AFTER, attempts=0)
        return
    with transaction.atomic():
        building.remove_rows(publication)
        held.commit(presets="", built_at=None)
    found = files.remove_directory(_directory(publication))
    if publication.removed_at is None or found:
        _release(publication, held, after=SECOND_LOOK_AFTER, attempts=0, removed_at=clock.now())
    else:
        _forget(publication, held)


def _is_still_shown(publication: Publication) -> bool:
    """Whether an image with this content was superseded by one that is not built yet."""
    built = Publication.objects.filter(
        Q(built_at__isnull=False) | ~Q(failure_code=""),
        account_id=publication.account_id,
        sha256=OuterRef("sha256"),
    )
    successors = GeneratedImage.objects.filter(
        ~Exists(built),
        account_id=publication.account_id,
        decision=Decision.APPROVED,
        sku=OuterRef("sku"),
        product_key=OuterRef("product_key"),
        role=OuterRef("role"),
    )
    superseded = GeneratedImage.objects.for_account(publication.account_id).filter(
        Exists(successors), sha256=publication.sha256, decision=Decision.SUPERSEDED
    )
    return superseded.exists()


def _fail(
    publication: Publication, held: Claim, image: GeneratedImage, refusal: CannotBeRendered
) -> None:
    logger.warning("%s cannot be rendered: %s", publication, refusal)
    tell_of_failure(image, reason=str(refusal))
    _release(publication, held, failure_code=refusal.code, failure=str(refusal))


def _forget(publication: Publication, held: Claim) -> None:
    """Its row goes too, unless somebody has asked for something meanwhile."""
    mine = Publication.objects.filter(
        pk=publication.pk, claim_token=held.token, asked=publication.asked
    )
    if not mine.delete()[0]:
        _release(publication, held)


def _release(
    publication: Publication, held: Claim, *, after: timedelta | None = None, **fields: Any
) -> None:
    """Give the job back, due again after a while, or done; at once if something was asked since it
    was looked at."""
    rows = Publication.objects.filter(pk=publication.pk)
    with transaction.atomic():
        asked = rows.select_for_update().values_list("asked", flat=True).first()
        is_new = asked is not None and asked != publication.asked
        wait = timedelta() if is_new else after
        held.release(run_after=None if wait is None else clock.now() + wait, **fields)
        if is_new:
            enqueue_model(Publication, publication.pk)


def _directory(publication: Publication) -> str:
    return files.directory_of(publication.account.uuid, publication.sha256)
