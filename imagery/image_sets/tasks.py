"""What workers do about image sets when the bell rings: sweep an account, draw a grid."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from catalog.models import Variant
from imagery.engine import events
from imagery.image_sets.status import refresh
from imagery.image_sets.swatch_drawing import draw_grid, plan_grid
from imagery.image_sets.swatch_grids import ask_for_grids
from imagery.models import Decision, GeneratedImage, ImageSetSweep, Role, SwatchGrid
from imagery.planning.chunk_sizes import at_once, rest
from imagery.providers.delivery import CollectedImage, CollectionPolicy, collect_images
from imagery.providers.protocol import DeliveredImage, Operation
from imagery.rehosting.storing import Belonging, StoredImage, store
from imagery.review.giving_way import supersede_waiting
from jobs import clock
from jobs.backoff import delay
from jobs.claims import Claim, claim
from jobs.enqueue import enqueue_model
from jobs.errors import ClaimLost
from jobs.models import LeasedJob

LEASE: Final = timedelta(minutes=5)
SLICE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 8

logger = logging.getLogger(__name__)


def sweep(pk: int) -> None:
    """Look at some of the account's SKUs anew, for a slice."""
    _hold(ImageSetSweep, pk, _sweep)


def draw_swatch_grid(pk: int) -> None:
    """Draw the grid, if it would show anything else than the newest one does."""
    _hold(SwatchGrid, pk, _draw)


def _hold(model: type[LeasedJob], pk: int, work: Callable[[int, Claim], None]) -> None:
    held = claim(model, pk, lease=LEASE)
    if held is None:
        return
    attempts = model.job_rows().values_list("attempts", flat=True).get(pk=pk)
    try:
        if attempts > MOST_ATTEMPTS:
            logger.error("%s %s was given up", model._meta.label, pk)
            held.release(attempts=0)
        else:
            work(pk, held)
    except ClaimLost:
        logger.warning("%s %s was taken over by another worker", model._meta.label, pk)
    except Exception:
        logger.warning("%s %s: attempt %s failed", model._meta.label, pk, attempts, exc_info=True)
        held.release(run_after=clock.now() + delay(attempts=attempts))


def _sweep(pk: int, held: Claim) -> None:
    sweep = ImageSetSweep.objects.select_related("account").get(pk=pk)
    ends_at = time.monotonic() + SLICE.total_seconds()
    behind = sweep.behind
    while time.monotonic() < ends_at:
        variants = Variant.objects.for_account(sweep.account_id).filter(sku__gt=behind)
        skus = list(variants.order_by("sku").values_list("sku", flat=True)[: at_once()])
        if not skus:
            _release(held, sweep, asked=sweep.asked)
            return
        behind = skus[-1]
        with transaction.atomic():
            refresh(account=sweep.account, skus=skus)
            ask_for_grids(account=sweep.account, skus=skus)
            if not ImageSetSweep.objects.filter(pk=pk, asked=sweep.asked).update(behind=behind):
                # The rules have changed meanwhile: from the beginning.
                break
            held.commit(made_progress=True)
        rest()
    held.release(run_after=clock.now())
    enqueue_model(ImageSetSweep, pk)


def _release(held: Claim, job: ImageSetSweep | SwatchGrid, *, asked: int, **fields: Any) -> None:
    """Done, unless it was asked for again meanwhile."""
    with transaction.atomic():
        held.release(**fields)
        again = type(job)._default_manager.filter(pk=job.pk).exclude(asked=asked)
        again.update(run_after=clock.now(), dispatched_at=None)


def _draw(pk: int, held: Claim) -> None:
    grid = SwatchGrid.objects.select_related("account").get(pk=pk)
    plan = plan_grid(account=grid.account, product_key=grid.product_key)
    if plan.digest in ("", grid.digest):
        _release(held, grid, asked=grid.asked, attempts=0)
        return
    stored = _stored(grid, draw_grid(plan))
    with transaction.atomic():
        image = GeneratedImage.objects.create(
            account=grid.account,
            product_key=grid.product_key,
            role=Role.SWATCH_GRID,
            decision=Decision.PENDING,
            sha256=stored.sha256,
            delivered_sha256=stored.delivered_sha256,
            storage_path=stored.storage_path,
            thumbnail_path=stored.thumbnail_path,
            content_type=stored.content_type,
            byte_size=stored.byte_size,
            width=stored.width,
            height=stored.height,
            created_at=clock.now(),
        )
        supersede_waiting(image, note="The grid was drawn anew.")
        refresh(account=grid.account, product_keys=[grid.product_key])
        events.tell_of([image])
        _release(held, grid, asked=grid.asked, attempts=0, digest=plan.digest, drawn_at=clock.now())


def _stored(grid: SwatchGrid, content: bytes) -> StoredImage:
    delivered = DeliveredImage(url=None, content=content, expires_at=None)
    (collected,) = collect_images([delivered], policy=CollectionPolicy.from_settings())
    if not isinstance(collected, CollectedImage):
        raise ValueError(f"the grid cannot be kept: {collected.message}")
    belonging = Belonging(str(grid.account.uuid), Operation.GENERATE, is_local=True)
    return store(collected, delivered, belonging)
