"""The form that asks for pictures of chosen variants: with which recipe, how many, and a pilot."""

from dataclasses import dataclass
from typing import Any

from django import forms

from accounts.models import Account
from imagery.models import Recipe, RecipeStep, RecipeVersion, Role
from imagery.models.recipe import MOST_IMAGES
from imagery.recipes.defaults import make_defaults

_INPUT = {"class": "look-input"}


class GenerateForm(forms.Form):
    """`recipe` is chosen by name among those in force; `count` SKUs were chosen.

    With a `role`, only that is made, of SKUs that lack it, and only by a recipe that delivers it.
    """

    images = forms.IntegerField(
        label="Images a step",
        required=False,
        min_value=1,
        max_value=MOST_IMAGES,
        widget=forms.NumberInput(attrs={**_INPUT, "placeholder": "as the recipe says"}),
    )
    pilot_size = forms.IntegerField(
        label="Pilot",
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={**_INPUT, "placeholder": "none"}),
        help_text="So many SKUs go first; the rest waits until you have seen their pictures.",
    )

    only_missing = forms.BooleanField(
        label="Only what is missing",
        required=False,
        help_text="Roles that a SKU needs and has no picture of; what was rejected is made anew.",
    )

    def __init__(self, data: Any, *, account: Account, count: int, role: str = "") -> None:
        offers = offers_of(account)
        self.role = Role(role) if any(role in offer.roles for offer in offers) else None
        self.offers = [offer for offer in offers if self.role is None or role in offer.roles]
        super().__init__(data, initial={"recipe": self.offers[0].name if self.offers else ""})
        self._count = count
        names = [(offer.name, offer.name) for offer in self.offers]
        self.fields["recipe"] = forms.ChoiceField(choices=names, widget=forms.RadioSelect)

    @property
    def roles(self) -> list[str] | None:
        """What is to be made of what is missing; None for all that the recipe delivers."""
        return [self.role] if self.role else None

    def clean_only_missing(self) -> bool:
        return self.role is not None or bool(self.cleaned_data["only_missing"])

    def clean_pilot_size(self) -> int:
        """A pilot of all, or of none, is no pilot."""
        size: int = self.cleaned_data["pilot_size"] or 0
        return size if size < self._count else 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A recipe that may be chosen, at its newest version, with the roles it delivers."""

    name: str
    description: str
    number: int
    roles: tuple[str, ...]

    @property
    def role_labels(self) -> list[str]:
        return [Role(role).label for role in self.roles]


def offers_of(account: Account) -> list[Offer]:
    """Those in force, by name; an account without any gets its two. Three queries."""
    versions = _in_force(account)
    if not versions:
        make_defaults(account=account)
        versions = _in_force(account)
    steps = RecipeStep.objects.filter(version__in=versions.values()).exclude(role="")
    roles: dict[int, list[str]] = {}
    for version, role in steps.order_by("position").values_list("version", "role"):
        roles.setdefault(version, []).append(role)
    offers = [
        Offer(
            version.recipe.name,
            version.recipe.description,
            version.number,
            tuple(roles.get(version.pk, ())),
        )
        for version in versions.values()
    ]
    return sorted(offers, key=lambda offer: offer.name)


def _in_force(account: Account) -> dict[int, RecipeVersion]:
    """The newest version of each recipe that is not archived."""
    recipes = Recipe.objects.for_account(account.pk).filter(is_archived=False)
    rows = RecipeVersion.objects.filter(recipe__in=recipes).select_related("recipe")
    return {version.recipe_id: version for version in rows.order_by("number")}
