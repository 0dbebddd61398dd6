"""A batch as it is begun and grows: its recipe's version fixed, its estimates added up."""

from django.db.models import F

from accounts.models import Account, User
from bulk_uploads.models import BulkUpload
from imagery.models import BatchState, ImageBatch, RecipeVersion
from imagery.planning.chunks import Planned
from imagery.planning.estimating import priced
from imagery.planning.recipe_plan import RecipePlan, load_plan
from jobs import clock


def begin_plan(version: RecipeVersion) -> RecipePlan:
    """From here on the version is never changed again."""
    RecipeVersion.objects.filter(pk=version.pk, used_at=None).update(used_at=clock.now())
    return load_plan(version)


def new_batch(
    *,
    account: Account,
    version: RecipeVersion,
    upload: BulkUpload | None,
    by: User | None,
    pilot_size: int = 0,
) -> ImageBatch:
    """With a pilot its jobs are held until `pilots.begin` chooses those that go ahead."""
    return ImageBatch.objects.create(
        account=account,
        recipe_version=version,
        upload=upload,
        created_by=by,
        state=BatchState.PILOT if pilot_size else BatchState.RELEASED,
        pilot_size=pilot_size,
    )


def add_to_batch(*, batch_id: int, account: Account, plan: RecipePlan, planned: Planned) -> None:
    """The batch's estimates grow with each chunk."""
    if not planned.count.missing:
        return
    estimate = priced(account=account, plan=plan, count=planned.count)
    ImageBatch.objects.filter(pk=batch_id).update(
        estimated_minimum_micros=F("estimated_minimum_micros") + estimate.minimum,
        estimated_expected_micros=F("estimated_expected_micros") + estimate.expected,
        estimated_maximum_micros=F("estimated_maximum_micros") + estimate.maximum,
    )
