"""Ladders as the engine walks them: read once a version, since versions in use never change."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from imagery.models import LadderRung, RecipeStep
from imagery.providers.protocol import Operation, Provider
from imagery.providers.registry import NoProvider, provider_named


@dataclass(frozen=True, slots=True)
class Rung:
    """`place` is where it stands in its ladder, from 0."""

    place: int
    provider: str
    model: str
    parameters: Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Step:
    id: int
    operation: Operation
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to ask."""

    rung: Rung
    provider: Provider


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """Nobody on the rest of the ladder can be asked; why not the last of them."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a provider cannot do this, whenever it is asked."""

    code: str
    message: str


def read_steps(step_ids: Collection[int]) -> dict[int, Step]:
    """Two queries."""
    rungs: dict[int, list[LadderRung]] = {}
    for rung in LadderRung.objects.filter(step_id__in=list(step_ids)).order_by("position"):
        rungs.setdefault(rung.step_id, []).append(rung)
    steps = RecipeStep.objects.filter(pk__in=list(step_ids))
    return {
        step.pk: Step(
            id=step.pk,
            operation=Operation(step.operation),
            rungs=tuple(
                Rung(place, rung.provider, rung.model, rung.parameters)
                for place, rung in enumerate(rungs.get(step.pk, ()))
            ),
        )
        for step in steps
    }


def choose(
    step: Step,
    *,
    start: int,
    is_paused: Callable[[str], bool],
    hindrance: Callable[[Provider], Hindrance | None],
) -> Choice | NothingLeft:
    """The first rung from `start` on that can be asked now, else the first that may be later.

    Passed over are those without a key, and those that cannot do what is asked. A paused one is
    passed over only if there is another.
    """
    paused: Choice | None = None
    left = NothingLeft("ladder_ended", "There is nobody else to ask.")
    for rung in step.rungs[start:]:
        try:
            provider = provider_named(rung.provider)
        except NoProvider as problem:
            left = NothingLeft("provider_off", str(problem))
            continue
        found = _inability(provider, step.operation) or hindrance(provider)
        if found is not None:
            left = NothingLeft(found.code, found.message)
        elif is_paused(rung.provider):
            paused = paused or Choice(rung, provider)
        else:
            return Choice(rung, provider)
    return paused or left


def has_other(
    step: Step,
    *,
    after: int,
    is_paused: Callable[[str], bool],
    hindrance: Callable[[Provider], Hindrance | None],
) -> bool:
    """Whether somebody further on could be asked now."""
    found = choose(step, start=after + 1, is_paused=is_paused, hindrance=hindrance)
    return isinstance(found, Choice) and not is_paused(found.rung.provider)


def _inability(provider: Provider, operation: Operation) -> Hindrance | None:
    if provider.capabilities.can(operation):
        return None
    shown = operation.value.replace("_", " ")
    return Hindrance("operation_not_offered", f"{provider.name} does not offer to {shown}.")
