"""A recipe's version as planning works with it: loaded once, each step behind its input."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imagery.models import RecipeVersion
from imagery.recipes.checking import makes_several
from imagery.recipes.templates import placeholders_of


@dataclass(frozen=True, slots=True)
class LadderRung:
    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """`input_id` is the step whose pictures it starts from; without one it is the source photo."""

    id: int
    name: str
    role: str
    operation: str
    prompt_template: str
    images: int
    quality: str
    parameters: Mapping[str, Any]
    input_id: int | None
    ladder: tuple[LadderRung, ...]

    def image_count(self, asked: int | None) -> int:
        """`asked` counts for delivered pictures of which another one is different."""
        takes_wish = asked is not None and bool(self.role) and makes_several(self.operation)
        return asked if takes_wish and asked is not None else self.images


@dataclass(frozen=True, slots=True)
class RecipePlan:
    version_id: int
    recipe_id: int
    account_id: int
    steps: tuple[PlannedStep, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """Delivered, in the order of the steps."""
        return tuple(step.role for step in self.steps if step.role)

    @property
    def placeholders(self) -> frozenset[str]:
        """The facts that any of its prompts is filled from."""
        return frozenset().union(*(placeholders_of(step.prompt_template) for step in self.steps))

    def delivering(self, roles: Collection[str] | None) -> tuple[PlannedStep, ...]:
        """The steps of these roles, and what they start from; all steps where none are named."""
        if roles is None:
            return self.steps
        by_id = {step.id: step for step in self.steps}
        needed: set[int] = set()
        for step in self.steps:
            wanted: int | None = step.id if step.role in roles else None
            while wanted is not None and wanted not in needed:
                needed.add(wanted)
                wanted = by_id[wanted].input_id
        return tuple(step for step in self.steps if step.id in needed)


def load_plan(version: RecipeVersion) -> RecipePlan:
    """Three queries at most."""
    steps = version.steps.prefetch_related("ladder").order_by("position")
    planned = [
        PlannedStep(
            id=step.pk,
            name=step.name,
            role=step.role,
            operation=step.operation,
            prompt_template=step.prompt_template,
            images=step.images,
            quality=step.quality,
            parameters=_parameters(step.parameters, size=step.size, quality=step.quality),
            input_id=step.input_step_id,
            ladder=tuple(LadderRung(rung.provider, rung.model) for rung in step.ladder.all()),
        )
        for step in steps
    ]
    return RecipePlan(
        version_id=version.pk,
        recipe_id=version.recipe_id,
        account_id=version.recipe.account_id,
        steps=tuple(_inputs_first(planned)),
    )


def _parameters(own: Mapping[str, Any], *, size: str, quality: str) -> dict[str, Any]:
    said = {"size": size, "quality": quality}
    return {**{name: text for name, text in said.items() if text}, **own}


def _inputs_first(steps: Sequence[PlannedStep]) -> list[PlannedStep]:
    """Saved recipes have no circles."""
    ordered: list[PlannedStep] = []
    done: set[int | None] = {None}
    while len(ordered) < len(steps):
        ready = [step for step in steps if step.id not in done and step.input_id in done]
        ordered += ready
        done.update(step.id for step in ready)
    return ordered
