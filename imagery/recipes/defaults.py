"""The two recipes that every account has from the start; both end in the studio, so that they work
without any key."""

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from accounts.models import Account
from imagery.models import Recipe, Role
from imagery.providers.protocol import Operation
from imagery.recipes.drafts import RungDraft, StepDraft
from imagery.recipes.editing import save_recipe
from jobs import periodic

#: Accounts: the dispatcher must not be held up.
_AT_ONCE: Final = 10
_STUDIO: Final = RungDraft("studio")

_HERO: Final = (
    StepDraft(
        name="hero",
        role=Role.HERO,
        operation=Operation.GENERATE,
        prompt_template=(
            "Product photograph for a shop's main picture: {title}. Brand: {brand}. "
            "What it is: {category}. Look: {style_tags}. "
            "The whole product, centred, sharp and true to the photo given, evenly lit on a pure "
            "white background, with no text, logo or watermark that is not on the product."
        ),
        size="1024x1024",
        quality="high",
        ladder=(
            RungDraft("creativeai", "gpt-image-1"),
            RungDraft("openai", "gpt-image-1"),
            RungDraft("studio", parameters={"scene": "white"}),
        ),
    ),
)
_PIPELINE: Final = (
    StepDraft(
        name="cut-out",
        role=Role.CUTOUT,
        operation=Operation.REMOVE_BACKGROUND,
        ladder=(RungDraft("pixelapi"), _STUDIO),
    ),
    StepDraft(
        name="enlarged",
        operation=Operation.UPSCALE,
        parameters={"scale": 4},
        input_step="cut-out",
        ladder=(RungDraft("pixelapi"), _STUDIO),
    ),
    StepDraft(
        name="lifestyle",
        role=Role.LIFESTYLE,
        operation=Operation.REPLACE_BACKGROUND,
        prompt_template=(
            "{title} where it is used, in a bright, lived-in room. What it is: {category}. "
            "Look: {style_tags}. Daylight from the side, shallow depth, no people, no text."
        ),
        input_step="enlarged",
        ladder=(RungDraft("pixelapi"), _STUDIO),
    ),
)
_DEFAULTS: Final = {
    "hero": ("The main picture, made after the source photo.", _HERO),
    "pipeline": ("A cut-out, and the product in a room, from the source photo.", _PIPELINE),
}
DEFAULT_NAMES: Final = frozenset(_DEFAULTS)


def make_defaults(*, account: Account) -> None:
    """Write those that the account has not got; what it has under their names stays as it is."""
    known = set(
        Recipe.objects.for_account(account.pk)
        .filter(name__in=_DEFAULTS)
        .values_list("name", flat=True)
    )
    for name, (description, steps) in _DEFAULTS.items():
        if name not in known:
            save_recipe(account=account, name=name, description=description, steps=steps, by=None)


def register() -> None:
    """New accounts have them within a minute, and at once where they are asked for."""
    periodic.register("imagery.default_recipes", timedelta(minutes=1), make_missing_defaults)


def make_missing_defaults() -> None:
    """For some of the accounts that have neither; called from time to time."""
    recipes = Recipe.objects.filter(account=OuterRef("pk"), name__in=_DEFAULTS)
    for account in Account.objects.exclude(Exists(recipes)).order_by("pk")[:_AT_ONCE]:
        make_defaults(account=account)
