"""What pictures will cost: how many are missing, and what the providers charge for them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from accounts.models import Account
from imagery.models import Budget, RecipeVersion
from imagery.money import estimates
from imagery.money.estimates import Rung
from imagery.money.prices import Asked
from imagery.planning.chunk_sizes import chunks_of
from imagery.planning.looking_up import Count, Missing, count_wanted
from imagery.planning.ownership import require_own
from imagery.planning.recipe_plan import PlannedStep, RecipePlan, load_plan
from imagery.planning.targets import Target, check_targets
from imagery.providers.protocol import Operation
from imagery.providers.registry import providers_on
from jobs import clock


@dataclass(frozen=True, slots=True)
class ImageEstimate:
    """Amounts in micro-units of `currency`, as `money.estimates.Estimate` has them.

    `wanted` images in all, of which `already_there` need no call: they exist, or are under way.
    `unpriced` are the rungs nothing is bought from: no price is set, or it is paused.
    """

    minimum: int
    expected: int
    maximum: int
    currency: str
    wanted: int
    already_there: int
    unpriced: tuple[Asked, ...]


def estimate_images(
    *,
    account: Account,
    targets: Sequence[Target],
    version: RecipeVersion,
    roles: Collection[str] | None = None,
    is_redo: bool = False,
) -> ImageEstimate:
    """Of what `request_images` would have made now; writes nothing. Eight queries for 500 targets.

    Providers that are off are left out, as the ladder leaves them out. Raises InvalidRequest.
    """
    require_own(account, version)
    check_targets(targets)
    plan = load_plan(version)
    count = Count()
    for chunk in chunks_of(targets):
        count += count_wanted(plan=plan, targets=chunk, roles=roles, is_redo=is_redo)
    return priced(account=account, plan=plan, count=count)


def priced(*, account: Account, plan: RecipePlan, count: Count) -> ImageEstimate:
    """Two queries."""
    found = estimates.estimate(
        account=account, steps=_steps(plan, count.missing), on=clock.now().date()
    )
    return ImageEstimate(
        minimum=found.minimum,
        expected=found.expected,
        maximum=found.maximum,
        currency=_currency(account),
        wanted=count.wanted,
        already_there=count.already_there,
        unpriced=found.unpriced,
    )


def _currency(account: Account) -> str:
    """The budget's; it keeps its own when the account's changes."""
    own = Budget.objects.filter(account=account).values_list("currency", flat=True).first()
    return own or account.currency


def _steps(plan: RecipePlan, missing: Missing) -> Iterator[estimates.PlannedStep]:
    by_id = {step.id: step for step in plan.steps}
    for (step_id, images), times in sorted(missing.items()):
        yield estimates.PlannedStep(images, _ladder(by_id[step_id]), times)


def _ladder(step: PlannedStep) -> list[Rung]:
    on = providers_on()
    operation = Operation(step.operation)
    return [
        Rung(
            Asked(rung.provider, rung.model, step.operation, step.quality),
            provider.capabilities.most_images.get(operation, 1),
        )
        for rung in step.ladder
        if (provider := on.get(rung.provider)) is not None
    ]
