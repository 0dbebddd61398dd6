"""A source photo that was brought for a call: kept on its row, for every call after this one."""

from dataclasses import replace

from django.db import IntegrityError, transaction

from imagery.engine.assessing import ReadyCall
from imagery.engine.events import tell_of_photos
from imagery.engine.photos import Photo
from imagery.engine.settling import Ending
from imagery.models import ProviderCall, ReferencePhoto
from imagery.providers.protocol import CallOutcome, OutcomeClass
from imagery.rehosting.photo_fetching import PhotoFailure, StoredPhoto


def with_photo(ready: ReadyCall, stored: StoredPhoto) -> ReadyCall:
    """The call as it can go out now. The photo's identity stays what it was planned under."""
    for row in ReferencePhoto.objects.filter(wants__calls=ready.call).distinct():
        _keep(row, stored)
    photo = Photo(path=stored.path, content_type=stored.content_type, sha256=stored.sha256)
    return replace(ready, photo=photo)


def ending_without_photo(call: ProviderCall, failure: PhotoFailure) -> Ending:
    """The call did not go out: to be tried again, or in vain for whoever needs the bytes."""
    code, message = failure.code, f"The source photo could not be fetched: {failure.message}"
    kind = OutcomeClass.REFUSED if failure.is_permanent else OutcomeClass.NOT_SENT
    outcome = CallOutcome(kind, code=code, message=message, retry_after=failure.retry_after)
    return Ending(call.pk, outcome, never_sent=True)


def _keep(photo: ReferencePhoto, stored: StoredPhoto) -> None:
    """Of a photo whose content was another before, nothing is changed: it was fetched too late."""
    if photo.sha256 not in ("", stored.sha256):
        return
    kept = {"kept_path": stored.path, "content_type": stored.content_type}
    try:
        with transaction.atomic():
            ReferencePhoto.objects.filter(pk=photo.pk).update(sha256=stored.sha256, **kept)
            tell_of_photos([photo.pk])
    except IntegrityError:
        # The same address with this content is known already, from another time.
        return
