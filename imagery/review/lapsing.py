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

    Approved images that were made of another photo are to be looked at again, once for each photo:
    an approval given anew holds for the photo that the SKU had then. Those of a photo that is
    unknown, or made of none, stay as they are.
    """
    approved = list(
        GeneratedImage.objects.for_account(account_id)
        .filter(sku__in=references, decision=Decision.APPROVED)
        .order_by("pk")
        .select_for_update()
    )
    photos = _photos_of(approved)
    of_a_photo = [image for image in approved if photos.get(image.pk) is not None]
    lapsing = [
        image
        for image in of_a_photo
        if image.lapsed_at is None
        and references[image.sku] not in (photos[image.pk], image.lapsed_for)
    ]
    rule = Reviewer()
    entries = [write(image, DecisionKind.LAPSE, Decision.APPROVED, rule) for image in lapsing]
    for image in lapsing:
        image.lapsed_at = clock.now()
    lapsed = [image for image in of_a_photo if image.lapsed_at is not None]
    for image in lapsed:
        image.lapsed_for = references[image.sku]
    GeneratedImage.objects.bulk_update(lapsed, ["lapsed_at", "lapsed_for"])
    standing.refresh(lapsing)
    return entries


def _photos_of(images: Iterable[GeneratedImage]) -> dict[int, str]:
    """The identity of the source photo that each was made of, by the id of the image."""
    rows = ImageJob.objects.filter(
        wants__image__in=[image.pk for image in images], reference__isnull=False
    )
    return dict(rows.values_list("wants__image__pk", "reference__identity").order_by())
