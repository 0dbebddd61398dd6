"""The rescue of pictures that were delivered as addresses and could not be fetched at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from imagery.models import UnrescuedImage
from imagery.providers.delivery import CollectionFailure, CollectionPolicy
from imagery.providers.protocol import DeliveredImage, Operation
from imagery.providers.registry import NoProvider, provider_named
from imagery.rehosting.bringing_home import bring_home
from imagery.rehosting.storing import Belonging, StoredImage

_AT_ONCE: Final = 8
_FIRST_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rescued:
    """What became of one try at an address."""

    row: UnrescuedImage
    result: StoredImage | CollectionFailure


def due_rows(*, account_id: int, at: datetime) -> list[UnrescuedImage]:
    """Those whose address ends first, first."""
    rows = UnrescuedImage.objects.filter(account_id=account_id, lost_at=None, due_at__lte=at)
    return list(rows.select_related("call__account").order_by("expires_at", "pk")[:_AT_ONCE])


def try_all(
    rows: Sequence[UnrescuedImage], *, policy: CollectionPolicy, until: float
) -> list[Rescued]:
    """Side by side, in threads; the database is not touched."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="rescue") as pool:
        results = list(pool.map(lambda row: _try(row, policy, until), rows))
    return [Rescued(row, result) for row, result in zip(rows, results, strict=True)]


def next_try(row: UnrescuedImage, failure: CollectionFailure, *, at: datetime) -> datetime | None:
    """None if the picture is lost: it says so, or its address has ended."""
    doubled = _FIRST_WAIT * (1 << min(row.attempts, 10))
    wait = failure.retry_after or min(doubled, _LONGEST_WAIT)
    if failure.is_permanent or at >= row.expires_at:
        return None
    # Once more at the very end, rather than once too late.
    return min(at + wait, max(row.expires_at, at + _FIRST_WAIT))


def _try(
    row: UnrescuedImage, policy: CollectionPolicy, until: float
) -> StoredImage | CollectionFailure:
    call = row.call
    belonging = Belonging(
        account_uuid=str(call.account.uuid),
        operation=Operation(call.operation),
        is_local=_is_local(call.provider),
    )
    image = DeliveredImage(row.url, None, row.expires_at)
    (result,) = bring_home([image], belonging, policy=policy, until=until)
    return result


def _is_local(provider: str) -> bool:
    try:
        return provider_named(provider).capabilities.is_local
    except NoProvider:
        return False
