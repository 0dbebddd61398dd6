"""What came of a call as rows: pictures kept, and addresses that are still to be fetched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from imagery.models import (
    CallWant,
    GeneratedImage,
    ProviderCall,
    UnrescuedImage,
    Want,
    WantState,
)
from imagery.providers.delivery import CollectionFailure
from imagery.providers.protocol import DeliveredImage
from imagery.rehosting.storing import StoredImage

#: Of an address that a provider says nothing about.
ASSUMED_LIFE: Final = timedelta(hours=1)
FIRST_RESCUE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Kept:
    """The pictures, and the wants that are satisfied by them."""

    images: tuple[GeneratedImage, ...]
    want_ids: frozenset[int]


def keep(
    call: ProviderCall,
    open_wants: Sequence[Want],
    results: Sequence[StoredImage | CollectionFailure],
    *,
    all_wants: Sequence[Want],
    at: datetime,
) -> Kept:
    """Write what came, for the open wants in their order; what is left over is kept as well, as
    nobody's in particular. Nothing is written twice for the same call."""
    if not all_wants or not results or GeneratedImage.objects.filter(call=call).exists():
        return Kept((), frozenset())
    waiting = iter(open_wants)
    images: list[GeneratedImage] = []
    unrescued: list[UnrescuedImage] = []
    for position, result in enumerate(results):
        if isinstance(result, StoredImage):
            want = next(waiting, None)
            images.append(picture(call, all_wants[0], want, result, position=position, at=at))
        elif can_be_rescued(result):
            unrescued.append(_unrescued(call, next(waiting, None), result, position, at))
    UnrescuedImage.objects.filter(call=call).delete()
    GeneratedImage.objects.bulk_create(images)
    UnrescuedImage.objects.bulk_create(unrescued)
    return Kept(tuple(images), satisfy(image.want_id for image in images))


def note_addresses(
    call: ProviderCall, images: Sequence[DeliveredImage], *, at: datetime, after: timedelta
) -> None:
    """Before anything is fetched: should we be killed meanwhile, they are fetched `after` that."""
    wants = CallWant.objects.filter(call=call, is_open=True).order_by("position")
    of_place = dict(enumerate(wants.values_list("want_id", flat=True)))
    UnrescuedImage.objects.bulk_create(
        [
            UnrescuedImage(
                account_id=call.account_id,
                call=call,
                position_in_call=position,
                want_id=of_place.get(position),
                url=image.url[:4000],
                expires_at=image.expires_at or at + ASSUMED_LIFE,
                due_at=at + after,
                created_at=at,
            )
            for position, image in enumerate(images)
            if image.url is not None
        ],
        ignore_conflicts=True,
    )


def satisfy(want_ids: Iterable[int | None]) -> frozenset[int]:
    keys = frozenset(pk for pk in want_ids if pk is not None)
    Want.objects.filter(pk__in=keys).update(
        state=WantState.SATISFIED, due_at=None, error_code="", message=""
    )
    return keys


def picture(
    call: ProviderCall,
    like: Want,
    want: Want | None,
    stored: StoredImage,
    *,
    position: int,
    at: datetime,
) -> GeneratedImage:
    """`like` is any want of the call: they are of one SKU and role."""
    return GeneratedImage(
        account_id=call.account_id,
        sku=like.sku,
        product_key=like.product_key,
        role=like.role,
        want=want,
        call=call,
        position_in_call=position,
        sha256=stored.sha256,
        delivered_sha256=stored.delivered_sha256,
        reference_sha256=call.reference_sha256,
        storage_path=stored.storage_path,
        thumbnail_path=stored.thumbnail_path,
        content_type=stored.content_type,
        byte_size=stored.byte_size,
        width=stored.width,
        height=stored.height,
        delivered_url=stored.url[:4000],
        delivered_until=stored.url_until,
        created_at=at,
    )


def can_be_rescued(failure: CollectionFailure) -> bool:
    return failure.image.url is not None and not failure.is_permanent


def being_rescued(call: ProviderCall) -> frozenset[int]:
    """Wants whose picture is still to be fetched."""
    rows = UnrescuedImage.objects.filter(call=call, lost_at=None, want__isnull=False)
    return frozenset(pk for pk in rows.values_list("want_id", flat=True) if pk is not None)


def share_cost(call: ProviderCall) -> None:
    """What the call came to, in equal parts; the first picture bears what is left of dividing."""
    cost = ProviderCall.objects.values_list("settled_micros", flat=True).get(pk=call.pk)
    pictures = GeneratedImage.objects.filter(call=call).order_by("position_in_call")
    keys = list(pictures.values_list("pk", flat=True)) if cost else []
    share_between(keys, cost)


def share_between(image_ids: Sequence[int], cost: int) -> None:
    if not image_ids or not cost:
        return
    share, rest = divmod(cost, len(image_ids))
    GeneratedImage.objects.filter(pk__in=image_ids).update(cost_micros=share)
    if rest:
        GeneratedImage.objects.filter(pk=image_ids[0]).update(cost_micros=share + rest)


def _unrescued(
    call: ProviderCall, want: Want | None, failure: CollectionFailure, position: int, at: datetime
) -> UnrescuedImage:
    return UnrescuedImage(
        account_id=call.account_id,
        call=call,
        position_in_call=position,
        want=want,
        url=(failure.image.url or "")[:4000],
        expires_at=failure.image.expires_at or at + ASSUMED_LIFE,
        due_at=at + (failure.retry_after or FIRST_RESCUE),
        failure_code=failure.code[:100],
        failure=failure.message[:300],
        created_at=at,
    )
