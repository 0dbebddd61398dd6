"""The options that catalog uploads take for their pictures: a recipe, and how many go ahead."""

from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet

from accounts.models import Account
from bulk_uploads.added_options import AddedOption
from catalog.importing.processor import CatalogProcessor
from imagery.batches.options import IMAGE_BATCH_PROCESSOR
from imagery.models import Recipe
from imagery.recipes.defaults import DEFAULT_NAMES
from imagery.recipes.drafts import UnknownRecipe
from imagery.recipes.editing import version_in_force

#: SKUs of a pilot, at most.
LARGEST_PILOT: Final = 1_000
_OFFERED_PILOTS: Final = (5, 10, 25, 100)
_MOST_OFFERED: Final = 200
_PROCESSORS: Final = frozenset({CatalogProcessor.name, IMAGE_BATCH_PROCESSOR})


def _recipe_problem(account: Account, value: object) -> str | None:
    if not isinstance(value, str):
        return "must be the name of a recipe."
    try:
        version_in_force(account=account, name=value)
    except UnknownRecipe:
        known = _names(Account.objects.filter(pk=account.pk))
        return f"must be the name of a recipe: {', '.join(known)}."
    return None


def _recipe_choices(accounts: QuerySet[Account]) -> Sequence[tuple[str, str]]:
    return [("", "None; of an image batch: hero"), *((name, name) for name in _names(accounts))]


def _names(accounts: QuerySet[Account]) -> list[str]:
    recipes = Recipe.objects.filter(account__in=accounts).order_by("name")
    stored = list(recipes.values_list("name", "is_archived").distinct()[:_MOST_OFFERED])
    in_use = {name for name, is_archived in stored if not is_archived}
    return sorted(in_use | (DEFAULT_NAMES - {name for name, _ in stored}))


def _pilot_problem(account: Account, value: object) -> str | None:
    is_one = isinstance(value, int) and not isinstance(value, bool)
    if is_one and isinstance(value, int) and 0 <= value <= LARGEST_PILOT:
        return None
    return f"must be a whole number from 0 to {LARGEST_PILOT:,}."


def _pilot_choices(accounts: QuerySet[Account]) -> Sequence[tuple[int, str]]:
    offered = ((number, f"{number} SKUs go ahead") for number in _OFFERED_PILOTS)
    return [(0, "No pilot: all go at once"), *offered]


RECIPE: Final = AddedOption(
    name="recipe",
    label="Images",
    help_text="The recipe that makes images of what the file creates or changes. A dry run says "
    "what that may cost.",
    processors=_PROCESSORS,
    problem_with=_recipe_problem,
    choices=_recipe_choices,
    in_words=lambda value: f"Images are made by the recipe {value}",
)
PILOT: Final = AddedOption(
    name="pilot",
    label="Pilot",
    help_text="So many SKUs of all categories get their images first; the rest waits until "
    "somebody has looked at them.",
    processors=_PROCESSORS,
    problem_with=_pilot_problem,
    choices=_pilot_choices,
    in_words=lambda value: f"Images of {value} SKUs are made first, as a pilot",
)
