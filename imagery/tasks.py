"""What a worker of the imagery queue does when the bell rings."""

import time
from collections.abc import Callable

from imagery.engine.policy import Policy
from imagery.engine.rescues import rescue
from imagery.engine.round import Round
from imagery.models import ImageJob
from jobs import clock
from jobs.enqueue import enqueue_model


def run_image_job(pk: int) -> None:
    """Work on the job and on whatever else is due, for a slice; ring again if that was not all."""
    run_round(rung_for=pk, policy=Policy.from_settings())
    left = ImageJob.job_rows().due(at=clock.now()).order_by("run_after", "pk")
    next_pk = left.values_list("pk", flat=True).first()
    if next_pk is not None:
        enqueue_model(ImageJob, next_pk)


def run_round(
    *,
    rung_for: int | None = None,
    policy: Policy,
    on_step: Callable[[], object] = lambda: None,
) -> None:
    """One round in this process: until nothing is due, or the policy's slice is over."""
    ends_at = time.monotonic() + policy.slice_seconds
    Round(policy, ends_at=ends_at, on_step=on_step).run(rung_for=rung_for)


def rescue_images(pk: int) -> None:
    """Fetch what the account was delivered as addresses, and is not with us yet."""
    rescue(pk, policy=Policy.from_settings())
