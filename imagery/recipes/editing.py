"""Saving recipes: a version that was used is never changed, the next one is made instead."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import Account, User
from imagery.models import LadderRung, Recipe, RecipeStep, RecipeVersion
from imagery.recipes.checking import problems_of
from imagery.recipes.drafts import InvalidRecipe, RungDraft, StepDraft, UnknownRecipe

__all__ = [
    "InvalidRecipe",
    "RungDraft",
    "StepDraft",
    "UnknownRecipe",
    "archive",
    "drafts_of",
    "recipe_in_force",
    "save_recipe",
    "version_in_force",
]


def save_recipe(
    *,
    account: Account,
    name: str,
    description: str,
    steps: Sequence[StepDraft],
    by: User | None,
    note: str = "",
) -> RecipeVersion:
    """The version that holds these steps from now on.

    The newest one is edited as long as no job was planned with it; steps that are as they were
    make no version. A name that is new makes a recipe. Raises InvalidRecipe.
    """
    if problems := problems_of(name=name, description=description, note=note, steps=steps):
        raise InvalidRecipe(problems)
    with transaction.atomic():
        recipe, _ = Recipe.objects.get_or_create(account=account, name=name)
        # Whoever saves at the same time waits here; who plans waits at the version.
        recipe = Recipe.objects.select_for_update().get(pk=recipe.pk)
        recipe.description, recipe.is_archived = description, False
        recipe.save(update_fields=["description", "is_archived"])
        newest = recipe.versions.select_for_update().order_by("-number").first()
        if newest is not None and drafts_of(newest) == _normal(steps):
            return newest
        version = _version_to_write(recipe, newest, by=by, note=note)
        _write_steps(version, steps)
    return version


def version_in_force(*, account: Account, name: str) -> RecipeVersion:
    """The newest of the recipe. Raises UnknownRecipe."""
    from imagery.recipes.defaults import DEFAULT_NAMES, make_defaults

    found = recipe_in_force(account=account, name=name)
    if found is None and name in DEFAULT_NAMES:
        make_defaults(account=account)
        found = recipe_in_force(account=account, name=name)
    if found is None:
        raise UnknownRecipe(name)
    return found


def recipe_in_force(*, account: Account, name: str) -> RecipeVersion | None:
    """As `version_in_force`, without making anything: None where there is none."""
    return (
        RecipeVersion.objects.filter(
            recipe__account=account, recipe__name=name, recipe__is_archived=False
        )
        .select_related("recipe")
        .order_by("-number")
        .first()
    )


def archive(*, recipe: Recipe, archived: bool = True) -> None:
    """Nothing new is asked for with an archived recipe; what there is of it stays."""
    Recipe.objects.filter(pk=recipe.pk).update(is_archived=archived)
    recipe.is_archived = archived


def drafts_of(version: RecipeVersion) -> list[StepDraft]:
    """What was saved, to be edited. Two queries."""
    steps = version.steps.select_related("input_step").prefetch_related("ladder")
    return [
        StepDraft(
            name=step.name,
            operation=step.operation,
            role=step.role,
            prompt_template=step.prompt_template,
            images=step.images,
            size=step.size,
            quality=step.quality,
            parameters=step.parameters,
            input_step=step.input_step.name if step.input_step else "",
            ladder=[
                RungDraft(rung.provider, rung.model, rung.parameters) for rung in step.ladder.all()
            ],
        )
        for step in steps.order_by("position")
    ]


def _normal(steps: Sequence[StepDraft]) -> list[StepDraft]:
    """In the types that they come back in."""
    return [
        StepDraft(
            name=step.name,
            operation=str(step.operation),
            role=str(step.role),
            prompt_template=step.prompt_template,
            images=step.images,
            size=step.size,
            quality=step.quality,
            parameters=dict(step.parameters),
            input_step=step.input_step,
            ladder=[
                RungDraft(rung.provider, rung.model, dict(rung.parameters)) for rung in step.ladder
            ],
        )
        for step in steps
    ]


def _version_to_write(
    recipe: Recipe, newest: RecipeVersion | None, *, by: User | None, note: str
) -> RecipeVersion:
    if newest is not None and newest.used_at is None:
        newest.steps.all().delete()
        newest.note, newest.created_by = note, by
        newest.save(update_fields=["note", "created_by"])
        return newest
    number = newest.number + 1 if newest else 1
    return RecipeVersion.objects.create(recipe=recipe, number=number, note=note, created_by=by)


def _write_steps(version: RecipeVersion, steps: Sequence[StepDraft]) -> None:
    made = RecipeStep.objects.bulk_create(
        RecipeStep(
            version=version,
            position=position,
            name=step.name,
            role=step.role,
            operation=step.operation,
            prompt_template=step.prompt_template,
            images=step.images,
            size=step.size,
            quality=step.quality,
            parameters=dict(step.parameters),
        )
        for position, step in enumerate(steps)
    )
    by_name = {step.name: step for step in made}
    chained = []
    for draft, step in zip(steps, made, strict=True):
        if draft.input_step:
            step.input_step = by_name[draft.input_step]
            chained.append(step)
    RecipeStep.objects.bulk_update(chained, ["input_step"])
    LadderRung.objects.bulk_create(
        LadderRung(
            step=step,
            position=position,
            provider=rung.provider,
            model=rung.model,
            parameters=dict(rung.parameters),
        )
        for draft, step in zip(steps, made, strict=True)
        for position, rung in enumerate(draft.ladder)
    )
