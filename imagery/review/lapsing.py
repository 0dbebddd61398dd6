"""Approvals lapse when the source photo changes; the image is shown on until it is replaced."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from imagery.models import Decision, DecisionKind, GeneratedImage, ImageJob, ReviewDecision
from imagery.review import standing
from imagery.review.trail import Reviewer, write
from jobs import clock


@transaction.atomic
def lapse(*, account_id: int, references: Mapping[str, str]) -> list[ReviewDecision]:
    """`references` gives by SKU the identity of its source photo as it is now.

    Approved images that were made of another photo are to be looked at again. Those of a photo
    that is unknown, or made of none, stay as they are.
    """
    approved = list(
        GeneratedImage.objects.for_account(account_id)
        .filter(sku__in=references, decision=Decision.APPROVED, lapsed_at=None)
        .order_by("pk")
        .select_for_update()
    )
    photos = _photos_of(approved)
    old = [image for image in approved if photos.get(image.pk) not in (None, references[image.sku])]
    rule = Reviewer()
    entries = [write(image, DecisionKind.LAPSE, Decision.APPROVED, rule) for image in old]
    GeneratedImage.objects.filter(pk__in=[image.pk for image in old]).update(lapsed_at=clock.now())
    standing.refresh(old)
    return entries


def _photos_of(images: Iterable[GeneratedImage]) -> dict[int, str]:
    """The identity of the source photo that each was made of, by the id of the image."""
    rows = ImageJob.objects.filter(
        wants__image__in=[image.pk for image in images], reference__isnull=False
    )
    return dict(rows.values_list("wants__image__pk", "reference__identity").order_by())
