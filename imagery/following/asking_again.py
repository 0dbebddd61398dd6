"""Asking again for what pictures of a SKU were asked for before, as its recipes now are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from accounts.models import Account
from imagery.engine.taking_back import CANCELLED
from imagery.following.touching import shows
from imagery.models import ImageJob, JobState, Recipe, RecipeVersion, Trigger
from imagery.planning.batches import begin_plan
from imagery.planning.chunks import Asking, plan_chunk
from imagery.planning.outdated import REMOVED
from imagery.planning.pilots import DROPPED
from imagery.planning.recipe_plan import load_plan
from imagery.planning.replanning import PLANNED_ANEW, target_of
from imagery.planning.targets import Target
from jobs.enqueue import enqueue_model

#: What was cancelled with one of these is not wanted; what was outdated is, as it is now.
_CALLED_OFF: Final = frozenset({CANCELLED, DROPPED, REMOVED, PLANNED_ANEW})


def plan_again(*, account: Account, touched: Mapping[str, frozenset[str]]) -> int:
    """Jobs for the SKUs, by the recipes that they were asked for with, where what was touched is
    shown and makes another picture; how many. In a transaction of the caller's.

    What was said of a SKU beside the catalog, when it was last asked for, is said again. One that
    is held with its batch stays held with it.
    """
    made = 0
    for (recipe_id, batch_id), jobs in _last_jobs(account, touched).items():
        version = _in_force(recipe_id)
        if version is None:
            continue
        placeholders = load_plan(version).placeholders
        targets = [_again(job) for job in jobs if shows(placeholders, touched[job.sku])]
        if targets:
            made += _plan(account, version, targets, held_with=batch_id)
    return made


def plan_new(*, account: Account, recipe: Recipe, skus: Collection[str]) -> int:
    """Jobs for SKUs that were created, but for those that have all pictures already; how many."""
    version = _in_force(recipe.pk)
    if version is None:
        return 0
    return _plan(account, version, [Target(sku) for sku in skus], held_with=None)


def _plan(
    account: Account,
    version: RecipeVersion,
    targets: Collection[Target],
    *,
    held_with: int | None,
) -> int:
    asking = Asking(
        account=account,
        plan=begin_plan(version),
        trigger=Trigger.CATALOG,
        batch_id=held_with,
        is_held=held_with is not None,
        follows=True,
    )
    planned = plan_chunk(asking, list(targets))
    if planned.ready is not None:
        enqueue_model(ImageJob, planned.ready)
    return len(planned.jobs)


def _last_jobs(
    account: Account, skus: Collection[str]
) -> dict[tuple[int, int | None], list[ImageJob]]:
    """The newest job of each SKU by each recipe, grouped by recipe and the batch that holds it.

    Redos say nothing of their own. Whose newest job was called off is left out.
    """
    jobs = ImageJob.objects.for_account(account.pk).filter(
        sku__in=skus, redo_number=0, recipe_version__recipe__is_archived=False
    )
    newest: dict[tuple[int, str], ImageJob] = {}
    for job in jobs.select_related("recipe_version").order_by("id"):
        newest[job.recipe_version.recipe_id, job.sku] = job
    found: defaultdict[tuple[int, int | None], list[ImageJob]] = defaultdict(list)
    for (recipe_id, _), job in newest.items():
        if job.state == JobState.CANCELLED and job.error_code in _CALLED_OFF:
            continue
        held_with = job.batch_id if job.state == JobState.HELD else None
        found[recipe_id, held_with].append(job)
    return found


def _again(job: ImageJob) -> Target:
    target = target_of(job)
    return Target(sku=target.sku, inputs=target.inputs, images=target.images)


def _in_force(recipe_id: int) -> RecipeVersion | None:
    versions = RecipeVersion.objects.filter(recipe_id=recipe_id, recipe__is_archived=False)
    return versions.select_related("recipe").order_by("-number").first()
