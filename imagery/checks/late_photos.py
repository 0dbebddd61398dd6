"""Images that were measured before their source photo was in our storage: compared once it is."""

from collections.abc import Collection
from typing import Final

from catalog.media_fetching import listening
from catalog.models import MediaAsset
from imagery.checks.checking import wake
from imagery.engine.events import on_photos_kept
from imagery.models import ImageMeasures, ReferencePhoto, Want
from jobs import clock

#: How far up from a want its photo can lie: a scene from an enlargement of a cut-out.
_STEPS_BEHIND: Final = 2


def register() -> None:
    listening.register(after_fetching)
    on_photos_kept(compare_again)


def after_fetching(account_id: int, asset_ids: Collection[int]) -> None:
    """Told by the catalog, in its transaction. One query, where nothing was made of them."""
    urls = MediaAsset.objects.filter(pk__in=asset_ids).values("url")
    photos = ReferencePhoto.objects.filter(account_id=account_id, url__in=urls)
    compare_again(list(photos.values_list("pk", flat=True)))


def compare_again(photo_ids: Collection[int]) -> None:
    """Make due what was made of these photos and has no fidelity, also what is being measured just
    now; those whose photo was missing are measured again."""
    if not photo_ids:
        return
    made_of = Want.objects.filter(reference__in=photo_ids)
    wants = found = set(made_of.values_list("pk", flat=True))
    for _ in range(_STEPS_BEHIND):
        behind = Want.objects.filter(input_want__in=found)
        found = set(behind.values_list("pk", flat=True))
        wants = wants | found
    late = ImageMeasures.objects.filter(image__want__in=wants, fidelity=None)
    accounts = set(late.order_by().values_list("account_id", flat=True))
    late.update(due_at=clock.now())
    wake(accounts)
