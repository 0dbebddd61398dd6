"""Saving recipes: what is refused, and when a version is followed by another."""

from dataclasses import replace

import pytest

from imagery.models import LadderRung, Recipe, RecipeStep, RecipeVersion, Role
from imagery.recipes.defaults import make_missing_defaults
from imagery.recipes.drafts import InvalidRecipe, RungDraft, StepDraft, UnknownRecipe
from imagery.recipes.editing import archive, drafts_of, save_recipe, version_in_force
from jobs import clock
from tests.factories.accounts import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db

HERO = StepDraft(
    name="hero",
    role=Role.HERO,
    operation="generate",
    prompt_template="A photo of {title}.",
    images=2,
    size="1024x1024",
    parameters={"background": "opaque"},
    ladder=(RungDraft("openai", "gpt-image-1"), RungDraft("studio", parameters={"scene": "white"})),
)
CUT = StepDraft(
    name="cut", role=Role.CUTOUT, operation="remove_background", ladder=(RungDraft("studio"),)
)
ROOM = StepDraft(
    name="room",
    role=Role.LIFESTYLE,
    operation="replace_background",
    prompt_template="{title} in a room",
    input_step="cut",
    ladder=(RungDraft("studio"),),
)


def save(account, *steps, name="own", **more):
    given = {"description": "", "by": None, **more}
    return save_recipe(account=account, name=name, steps=steps, **given)


def test_what_was_saved_comes_back_to_be_edited():
    user = UserFactory()
    version = save(AccountFactory(), ROOM, HERO, CUT, by=user, note="First", description="Mine")

    assert drafts_of(version) == [
        replace(step, ladder=list(step.ladder)) for step in (ROOM, HERO, CUT)
    ]
    assert (version.number, version.note, version.created_by) == (1, "First", user)
    assert version.recipe.description == "Mine"


def test_a_version_is_edited_until_it_is_used_and_followed_by_another_then():
    account = AccountFactory()
    first = save(account, HERO)
    edited = save(account, HERO, CUT)
    RecipeVersion.objects.filter(pk=first.pk).update(used_at=clock.now())
    again = save(account, HERO, CUT)
    second = save(account, CUT, note="No hero")

    assert edited == first
    assert again == first
    assert (second.number, second.note) == (2, "No hero")
    assert [step.name for step in drafts_of(first)] == ["hero", "cut"]
    assert [step.name for step in drafts_of(second)] == ["cut"]
    assert RecipeStep.objects.count() == 3
    assert LadderRung.objects.count() == 4
    assert version_in_force(account=account, name="own") == second


BAD = {
    "no step": ((), "steps", None, None),
    "nothing delivered": ((replace(HERO, role=""),), "steps", None, None),
    "unknown placeholder": (
        (replace(HERO, prompt_template="{titel}"),), "prompt_template", 0, None,
    ),
    "no prompt": ((replace(HERO, prompt_template=" "),), "prompt_template", 0, None),
    "no such role": ((replace(HERO, role="portrait"),), "role", 0, None),
    "a product's role": ((replace(HERO, role=Role.SWATCH_GRID),), "role", 0, None),
    "a role twice": ((HERO, replace(HERO, name="other")), "role", 0, None),
    "a name twice": ((HERO, replace(CUT, name="hero")), "name", 1, None),
    "no name": ((replace(HERO, name=" "),), "name", 0, None),
    "no such operation": ((replace(HERO, operation="paint"),), "operation", 0, None),
    "too many images": ((replace(HERO, images=11),), "images", 0, None),
    "the same picture twice": ((replace(CUT, images=2),), "images", 0, None),
    "no such input": ((ROOM,), "input_step", 0, None),
    "its own input": ((replace(CUT, input_step="cut"),), "input_step", 0, None),
    "a circle": ((replace(CUT, input_step="room"), ROOM), "input_step", 0, None),
    "nobody takes it": ((HERO, replace(CUT, role="")), "role", 1, None),
    "no ladder": ((replace(HERO, ladder=()),), "ladder", 0, None),
    "no such provider": ((replace(HERO, ladder=(RungDraft("painter"),)),), "provider", 0, 0),
    "a provider twice": (
        (replace(CUT, ladder=(RungDraft("studio"), RungDraft("studio"))),), "provider", 0, 1,
    ),
    "not what it does": (
        (replace(CUT, ladder=(RungDraft("openai", "gpt-image-1"),)),), "provider", 0, 0,
    ),
    "no model": ((replace(HERO, ladder=(RungDraft("openai"),)),), "model", 0, 0),
    "a taken parameter": (
        (replace(HERO, ladder=(RungDraft("openai", "m", {"n": 3}),)),), "parameters", 0, 0,
    ),
    "a parameter in itself": ((replace(HERO, parameters={"a": [1]}),), "parameters", 0, None),  # type: ignore[dict-item]
    "a long template": (
        (replace(HERO, prompt_template="x" * 4_001),), "prompt_template", 0, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_could_not_be_followed_is_refused_by_step_and_field(case):
    steps, field, step, rung = BAD[case]

    with pytest.raises(InvalidRecipe) as refused:
        save(AccountFactory(), *steps)

    places = [(found.field, found.step, found.rung) for found in refused.value.problems]
    assert (field, step, rung) in places
    assert not Recipe.objects.exists()


@pytest.mark.parametrize("name", ["", "With Space", "UPPER", "a" * 61, "ünder", "-a"])
def test_a_recipe_is_named_as_an_option_can_say(name):
    with pytest.raises(InvalidRecipe) as refused:
        save(AccountFactory(), HERO, name=name)

    assert {found.field for found in refused.value.problems} == {"name"}


def test_all_problems_are_told_at_once():
    with pytest.raises(InvalidRecipe) as refused:
        save(AccountFactory(), replace(HERO, prompt_template="{x}", images=0), ROOM, name="No")

    assert [(found.field, found.step) for found in refused.value.problems] == [
        ("name", None),
        ("images", 0),
        ("prompt_template", 0),
        ("input_step", 1),
    ]


def test_the_default_recipes_are_there_when_asked_for_and_end_in_the_studio():
    account = AccountFactory()
    versions = [version_in_force(account=account, name=name) for name in ("hero", "pipeline")]

    ladders = [step.ladder[-1].provider for each in versions for step in drafts_of(each)]
    assert ladders == ["studio"] * 4
    assert [step.role for step in drafts_of(versions[1])] == [Role.CUTOUT, "", Role.LIFESTYLE]
    assert version_in_force(account=account, name="hero") == versions[0]


def test_accounts_without_recipes_get_theirs_and_keep_what_they_made_of_them():
    changed, new = AccountFactory.create_batch(2)
    own = save(changed, CUT, name="hero")
    make_missing_defaults()
    make_missing_defaults()

    assert sorted(Recipe.objects.values_list("account", "name")) == sorted(
        [(changed.pk, "hero"), (new.pk, "hero"), (new.pk, "pipeline")]
    )
    assert version_in_force(account=changed, name="hero") == own


def test_other_accounts_recipes_and_archived_ones_are_unknown():
    account = AccountFactory()
    version = save(account, HERO)

    with pytest.raises(UnknownRecipe):
        version_in_force(account=AccountFactory(), name="own")
    archive(recipe=version.recipe)
    with pytest.raises(UnknownRecipe):
        version_in_force(account=account, name="own")
