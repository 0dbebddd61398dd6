"""Somebody who saves variants in the admin, one after another, while an import may be running."""

from decimal import Decimal
from itertools import count, cycle
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.account import bench_account
from benchmarks.outcome import Outcome
from bulk_uploads.models import BulkUpload
from catalog.editing import edit_variant
from catalog.models import Variant
from catalog.writing.context import Actor

_PAUSE_SECONDS = 0.05
_MOST_SAVES = 20_000


def measure(*, ready: str, stop: str) -> Outcome:
    """Saves until the file `stop` is there; the file `ready` is made before the first save.

    The fact `during` are the seconds of each save that began while an upload was in progress.
    """
    account_id = bench_account().pk
    variants = cycle(Variant.objects.order_by("id").values_list("id", flat=True)[:100])
    during: list[float] = []
    started = perf_counter()
    Path(ready).touch()
    for number in count(1):
        if Path(stop).exists() or number > _MOST_SAVES:
            break
        importing = BulkUpload.objects.in_progress().exists()
        seconds = _save(account_id, next(variants), price=Decimal(number))
        if importing:
            during.append(seconds)
        sleep(_PAUSE_SECONDS)
    return Outcome(seconds={"total": perf_counter() - started}, facts={"during": during})


def _save(account_id: int, variant_id: int, *, price: Decimal) -> float:
    started = perf_counter()
    edit_variant(
        account_id=account_id, actor=Actor(), variant_id=variant_id, values={"price": price}
    )
    return perf_counter() - started
