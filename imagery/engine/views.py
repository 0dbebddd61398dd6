"""Image jobs as the engine looks at them: everything that decides what is next, read set by set."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from catalog.models import MediaAsset, MediaFile
from imagery.engine.photos import Source
from imagery.models import (
    CallWant,
    GeneratedImage,
    ImageJob,
    ImagerySettings,
    JobWant,
    ProviderCall,
    ProviderPause,
    ProviderState,
    ReferencePhoto,
    UnknownPolicy,
    UnrescuedImage,
    Want,
    WantState,
)
from imagery.providers.protocol import OutcomeClass
from imagery.rehosting.photo_fetching import StoredPhoto


@dataclass(slots=True)
class WantView:
    """`call` is the open one that serves it. `rescue_due`: an image for it is still to be fetched.
    `is_unresolved`: nobody knows yet how an earlier call of the rung it is at ended.
    """

    want: Want
    source: Source
    call: ProviderCall | None = None
    rescue_due: datetime | None = None
    is_unresolved: bool = False


@dataclass(slots=True)
class JobView:
    """The wants are in the order of their steps and numbers."""

    job: ImageJob
    policy: UnknownPolicy
    wants: list[WantView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pauses:
    """Who may not be asked at present: by anybody, and by an account."""

    everywhere: frozenset[str]
    by_account: frozenset[tuple[int, str]]

    def hold(self, account_id: int, provider: str) -> bool:
        return provider in self.everywhere or (account_id, provider) in self.by_account


def read_pauses() -> Pauses:
    """Two queries."""
    paused = ProviderState.objects.filter(paused_at__isnull=False)
    return Pauses(
        everywhere=frozenset(ProviderPause.objects.values_list("provider", flat=True)),
        by_account=frozenset(paused.values_list("account_id", "provider")),
    )


def read_jobs(job_ids: Collection[int]) -> list[JobView]:
    """A fixed number of queries (eight at most), however many jobs."""
    jobs = ImageJob.objects.filter(pk__in=list(job_ids)).select_related("account")
    policies = _policies({job.account_id for job in jobs})
    views = {job.pk: JobView(job, policies.get(job.account_id, _DEFAULT)) for job in jobs}
    asked = JobWant.objects.filter(job_id__in=list(views)).select_related("want__reference__file")
    links = list(asked.order_by("want__step_id", "want__image_number", "want_id"))
    wants = {link.want_id: link.want for link in links}
    read = _read_wants(wants.values())
    for link in links:
        views[link.job_id].wants.append(read[link.want_id])
    return list(views.values())


_DEFAULT = UnknownPolicy.RESEND_ONCE


def _policies(account_ids: Collection[int]) -> dict[int, UnknownPolicy]:
    own = ImagerySettings.objects.filter(account_id__in=list(account_ids))
    return {
        account_id: UnknownPolicy(policy)
        for account_id, policy in own.values_list("account_id", "unknown_policy")
    }


def _read_wants(wants: Iterable[Want]) -> dict[int, WantView]:
    of_all = list(wants)
    open_wants = {want.pk: want for want in of_all if want.state == WantState.OPEN}
    pictures = _pictures(want.input_want_id for want in open_wants.values())
    stored = stored_photos(want.reference for want in open_wants.values())
    views = {want.pk: WantView(want, _source(want, pictures, stored)) for want in of_all}
    keys = list(open_wants)
    links = CallWant.objects.filter(want_id__in=keys, is_open=True)
    for link in links.select_related("call__account"):
        views[link.want_id].call = link.call
    rescues = UnrescuedImage.objects.filter(want_id__in=keys, lost_at=None)
    for want_id, due_at in rescues.values_list("want_id", "due_at"):
        if want_id is not None:
            views[want_id].rescue_due = due_at
    unknown = CallWant.objects.filter(
        want_id__in=[pk for pk, want in open_wants.items() if want.unknowns],
        call__outcome=OutcomeClass.UNKNOWN,
        call__resolved_at=None,
    )
    for want_id, rung in unknown.values_list("want_id", "call__rung"):
        if rung == open_wants[want_id].rung:
            views[want_id].is_unresolved = True
    return views


def _pictures(want_ids: Iterable[int | None]) -> dict[int, tuple[GeneratedImage, str]]:
    """What was made for these wants, and by which provider."""
    keys = {pk for pk in want_ids if pk is not None}
    if not keys:
        return {}
    images = GeneratedImage.objects.filter(want_id__in=keys).select_related("call")
    return {
        image.want_id: (image, image.call.provider if image.call else "")
        for image in images
        if image.want_id is not None
    }


def stored_photos(references: Iterable[ReferencePhoto | None]) -> dict[int, StoredPhoto]:
    """Where we have the bytes of these photos: kept by us, or among the catalog's media."""
    photos = {photo.pk: photo for photo in references if photo is not None}
    found = {pk: kept for pk, photo in photos.items() if (kept := _kept(photo)) is not None}
    missing = [photo for pk, photo in photos.items() if pk not in found and photo.url]
    if not missing:
        return found
    assets = MediaAsset.objects.filter(
        account_id__in={photo.account_id for photo in missing},
        url__in={photo.url for photo in missing},
        file__stored_at__isnull=False,
    ).select_related("file")
    files = {(asset.account_id, asset.url): asset.file for asset in assets}
    for photo in missing:
        file = files.get((photo.account_id, photo.url))
        # Under the same address there may be another photo by now.
        if file is not None and photo.sha256 in ("", file.sha256):
            found[photo.pk] = _lent(file)
    return found


def _kept(photo: ReferencePhoto) -> StoredPhoto | None:
    """What is our own comes first: it is not removed."""
    if photo.kept_path:
        return StoredPhoto(photo.kept_path, photo.content_type, photo.sha256)
    if photo.file is not None and photo.file.stored_at is not None:
        return _lent(photo.file)
    return None


def _lent(file: MediaFile) -> StoredPhoto:
    return StoredPhoto(file.storage_path, file.content_type, file.sha256, is_lent=True)


def source_of(want: Want) -> Source:
    """What one want starts from. Four queries at most."""
    return _source(want, _pictures([want.input_want_id]), stored_photos([want.reference]))


def _source(
    want: Want,
    pictures: dict[int, tuple[GeneratedImage, str]],
    stored: dict[int, StoredPhoto],
) -> Source:
    if want.input_want_id is not None:
        picture, provider = pictures.get(want.input_want_id, (None, ""))
        return Source(picture=picture, picture_by=provider)
    if want.reference is None:
        return Source()
    return Source(reference=want.reference, stored=stored.get(want.reference.pk))
