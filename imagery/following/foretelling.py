"""What the pictures of an upload will cost, counted in its dry run, told in its preview."""

from collections import Counter
from collections.abc import Sequence

from bulk_uploads.foretelling import Foretold
from bulk_uploads.models import BulkUpload
from bulk_uploads.preview_notes import Sums
from bulk_uploads.processors import RowOutcome
from catalog.importing.processor import CatalogProcessor
from imagery.api.amounts import amount
from imagery.batches.options import IMAGE_BATCH_PROCESSOR, recipe_of
from imagery.following.rows import followed_rows, targets_of
from imagery.planning.estimating import ImageEstimate, priced
from imagery.planning.looking_up import Count, count_wanted
from imagery.planning.recipe_plan import RecipePlan, load_plan
from imagery.recipes.drafts import UnknownRecipe
from imagery.recipes.editing import version_in_force

#: Names of sums: SKUs with something new, images wanted, and, step by step, how many SKUs lack
#: how many images.
_SKUS, _WANTED, _THERE = "skus", "wanted", "there"


class ImageForeteller:
    """Counts with each batch what would be planned; what it costs is looked up when it is told."""

    name = "imagery"

    def concerns(self, upload: BulkUpload) -> bool:
        if upload.processor_name == IMAGE_BATCH_PROCESSOR:
            return True
        is_catalog = upload.processor_name == CatalogProcessor.name
        return is_catalog and bool(upload.options.get("recipe"))

    def count(self, upload: BulkUpload, outcomes: Sequence[RowOutcome]) -> Sums:
        plan = _plan_of(upload)
        if plan is None or upload.processor_name == IMAGE_BATCH_PROCESSOR:
            # An image batch counts for itself, because outcomes do not say what its rows do.
            return {}
        rows = followed_rows(account_id=upload.account_id, upload_id=upload.pk, outcomes=outcomes)
        targets = targets_of(plan, rows)
        count = count_wanted(plan=plan, targets=targets, only_new=True)
        return sums_of(count)

    def tell(self, upload: BulkUpload, sums: Sums) -> Foretold:
        plan = _plan_of(upload)
        if plan is None:
            name = recipe_of(upload)
            return Foretold("Images to be made", (), f"The recipe {name} is not there any more.")
        known = {str(step.id) for step in plan.steps}
        missing = {name: times for name, times in sums.items() if name.partition(":")[0] in known}
        if sum(sums.values()) and not missing:
            return _told_before_a_change(upload)
        count = Count(
            wanted=sums.get(_WANTED, 0),
            already_there=sums.get(_THERE, 0),
            missing=Counter({_step_and_images(name): times for name, times in missing.items()}),
        )
        estimate = priced(account=upload.account, plan=plan, count=count)
        return _told(upload, sums.get(_SKUS, 0), estimate)


def sums_of(count: Count) -> Sums:
    """What is kept of a batch's count, to be added to the others'."""
    missing = {f"{step}:{images}": times for (step, images), times in count.missing.items()}
    said = {_SKUS: count.targets, _WANTED: count.wanted, _THERE: count.already_there}
    return Counter(said | missing)


def _plan_of(upload: BulkUpload) -> RecipePlan | None:
    try:
        version = version_in_force(account=upload.account, name=recipe_of(upload))
    except UnknownRecipe:
        return None
    return load_plan(version)


def _step_and_images(name: str) -> tuple[int, int]:
    step_id, _, images = name.partition(":")
    return int(step_id), int(images)


def _told_before_a_change(upload: BulkUpload) -> Foretold:
    text = f"The recipe {recipe_of(upload)} was changed since: preview the file again."
    return Foretold("Images to be made", (), text)


def _told(upload: BulkUpload, skus: int, estimate: ImageEstimate) -> Foretold:
    images = estimate.wanted - estimate.already_there
    amounts = {
        "At least": estimate.minimum,
        "Likely": estimate.expected,
        "At most": estimate.maximum,
    }
    unpriced = sorted({rung.provider for rung in estimate.unpriced})
    remark = f"By the recipe {recipe_of(upload)}."
    if unpriced:
        remark += f" Without {', '.join(unpriced)}: no price is set, so nothing is bought there."
    return Foretold(
        title="Images to be made",
        facts=[
            ("SKUs", f"{skus:,}"),
            ("Images", f"{images:,}"),
            *(
                (label, f"{amount(micros)} {estimate.currency}")
                for label, micros in amounts.items()
            ),
        ],
        remark=remark,
        document={
            "recipe": recipe_of(upload),
            "skus": skus,
            "images": images,
            "already_there": estimate.already_there,
            "minimum": amount(estimate.minimum),
            "expected": amount(estimate.expected),
            "maximum": amount(estimate.maximum),
            "currency": estimate.currency,
            "unpriced": unpriced,
        },
    )
