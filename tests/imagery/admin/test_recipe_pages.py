"""The recipe pages: editing one, its versions, an example prompt, copies and the archive."""

import re
from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Role
from imagery.models import Recipe, RecipeVersion
from imagery.recipes.drafts import RungDraft, StepDraft
from imagery.recipes.editing import drafts_of, save_recipe
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import VariantFactory
from tests.factories.imagery import ImageJobFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db

STEP = StepDraft(
    name="main",
    operation="generate",
    role="hero",
    prompt_template="{title}, on white.",
    ladder=[RungDraft("studio")],
)
FORM: dict[str, Any] = {
    "description": "On white",
    "note": "Warmer light",
    "step": ["s0"],
    "s0-name": "main",
    "s0-operation": "generate",
    "s0-role": "hero",
    "s0-prompt_template": "{title}, in warm light.",
    "s0-images": "2",
    "s0-rung": ["r0"],
    "s0-r0-provider": "studio",
}


@pytest.fixture
def account():
    return AccountFactory.create()


@pytest.fixture
def browser(account):
    return client_as(Role.MANAGER, account)


@pytest.fixture
def version(account) -> RecipeVersion:
    return save_recipe(account=account, name="hero", description="", steps=[STEP], by=None)


def url(page: str, *args: object) -> str:
    return reverse(f"admin:imagery_recipe_{page}", args=args)


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def seen(browser, recipe: Recipe) -> str:
    return str(browser.get(url("change", recipe.pk)).context["seen"])


def use(version: RecipeVersion) -> None:
    RecipeVersion.objects.filter(pk=version.pk).update(used_at=clock.now())


def test_a_recipe_is_made_from_the_form(browser, account):
    answer = browser.post(url("add"), {**FORM, "account": account.pk, "name": "hero-warm"})

    made = Recipe.objects.get(account=account)
    assert (answer.status_code, answer["Location"]) == (302, url("change", made.pk))
    version = made.versions.get()
    assert (made.name, made.description, version.note) == ("hero-warm", "On white", "Warmer light")
    assert version.created_by == browser.user
    assert drafts_of(version) == [
        StepDraft(
            name="main",
            operation="generate",
            role="hero",
            prompt_template="{title}, in warm light.",
            images=2,
            ladder=[RungDraft("studio")],
        )
    ]


def test_everything_wrong_is_said_at_its_field_and_nothing_is_saved(browser, account):
    form = {
        **FORM,
        "account": account.pk,
        "name": "Hero!",
        "s0-prompt_template": "{titel}",
        "s0-r0-provider": "nobody",
    }

    answer = browser.post(url("add"), form)

    assert answer.status_code == 422
    page = answer.content.decode()
    text = text_of(answer)
    assert "Name it in small letters" in text
    assert "{titel} is no placeholder. There are: {title}, {sku}" in text
    assert "There is no provider" in text
    assert 'value="Hero!"' in page
    assert "{titel}</textarea>" in page
    assert not Recipe.objects.exists()


def test_a_name_is_given_once(browser, account, version):
    form = {**FORM, "account": account.pk, "name": "hero"}

    answer = browser.post(url("add"), form)

    assert answer.status_code == 422
    assert "This account already has a recipe of this name." in text_of(answer)
    assert Recipe.objects.get().versions.count() == 1


def test_no_recipe_is_made_in_another_account(browser):
    form = {**FORM, "account": AccountFactory.create().pk, "name": "hero"}

    assert browser.post(url("add"), form).status_code == 422
    assert not Recipe.objects.exists()


def test_a_version_nobody_used_is_edited_itself(browser, version):
    page = browser.get(url("change", version.recipe_id))
    assert "Save version 1" in text_of(page)

    answer = browser.post(
        url("change", version.recipe_id), {**FORM, "seen": seen(browser, version.recipe)}
    )

    assert answer.status_code == 302
    version.refresh_from_db()
    assert [step.prompt_template for step in drafts_of(version)] == ["{title}, in warm light."]
    assert version.recipe.versions.count() == 1


def test_a_version_that_was_used_stays_and_the_next_is_made(browser, version):
    use(version)
    page = text_of(browser.get(url("change", version.recipe_id)))
    assert "saving makes version 2" in page
    assert "Save as version 2" in page

    browser.post(url("change", version.recipe_id), {**FORM, "seen": seen(browser, version.recipe)})

    newest = version.recipe.versions.get(number=2)
    assert drafts_of(version) == [STEP]
    assert drafts_of(newest)[0].images == 2
    older = browser.get(url("change", version.recipe_id), {"version": 1})
    assert "This is version 1 as it was." in text_of(older)
    assert "{title}, on white.</textarea>" in older.content.decode()
    assert 'type="submit" class="look-button look-button--main"' not in older.content.decode()


def test_who_saves_over_somebody_elses_version_is_told_first(browser, account, version):
    before = seen(browser, version.recipe)
    theirs = StepDraft(**{name: getattr(STEP, name) for name in STEP.__slots__} | {"images": 3})
    save_recipe(account=account, name="hero", description="", steps=[theirs], by=None)

    answer = browser.post(url("change", version.recipe_id), {**FORM, "seen": before})

    assert answer.status_code == 409
    assert "Somebody else has saved version 1 meanwhile." in text_of(answer)
    assert "{title}, in warm light.</textarea>" in answer.content.decode()
    assert drafts_of(version)[0].images == 3
    again = browser.post(url("change", version.recipe_id), {**FORM, "seen": answer.context["seen"]})
    assert again.status_code == 302
    assert drafts_of(version)[0].images == 2


def test_versions_say_what_was_made_with_them(browser, version):
    use(version)
    ImageJobFactory.create(account=version.recipe.account, recipe_version=version)

    assert "1 job" in text_of(browser.get(url("change", version.recipe_id)))


def test_a_copy_begins_with_the_same_steps(browser, version):
    answer = browser.get(url("add"), {"from": version.recipe_id})

    page = answer.content.decode()
    assert 'value="hero-copy"' in page
    assert "{title}, on white.</textarea>" in page
    assert Recipe.objects.count() == 1


def test_nobody_copies_a_recipe_of_another_account(version):
    stranger = client_as(Role.MANAGER, AccountFactory.create())

    page = stranger.get(url("add"), {"from": version.recipe_id})

    assert "{title}, on white." not in page.content.decode()


def test_an_archived_recipe_comes_back(browser, version):
    for archived in (True, False):
        browser.post(url("archive", version.recipe_id), {"archived": "1" if archived else "0"})
        assert Recipe.objects.get().is_archived == archived


def test_the_list_says_what_each_delivers(browser, version):
    assert "hero - Hero 1 Active Not yet" in text_of(browser.get(url("changelist")))


def test_an_example_is_filled_from_the_sku(browser, account):
    VariantFactory.create(account=account, sku="MUG-1", display_name="Blue mug")
    VariantFactory.create(account=account, sku="MUG-2", display_name="Red mug")
    form = {**FORM, "account": account.pk}

    chosen = browser.post(url("example"), {**form, "example_sku": "MUG-1"})
    newest = browser.post(url("example"), form)
    unknown = browser.post(url("example"), {**form, "example_sku": "MUG-9"})
    never = browser.post(url("example"), {**form, "example_sku": "MUG-1\x00"})
    wrong = browser.post(url("example"), {**form, "s0-prompt_template": "{titel}"})

    assert "Blue mug, in warm light." in text_of(chosen)
    assert "Red mug, in warm light." in text_of(newest)
    assert "The catalog knows no SKU \u201cMUG-9\u201d." in text_of(unknown)
    assert "The catalog knows no SKU" in text_of(never)
    assert "{titel} is no placeholder." in text_of(wrong)
    assert not Recipe.objects.exists()


def test_an_example_shows_no_variant_of_another_account(browser, account):
    VariantFactory.create(sku="THEIRS-1", display_name="Theirs")

    form = {**FORM, "account": account.pk, "example_sku": "THEIRS-1"}
    assert "Theirs" not in text_of(browser.post(url("example"), form))
    for begin in ("TH", "\x00"):
        offered = browser.get(url("skus"), {"account": account.pk, "example_sku": begin})
        assert "THEIRS" not in offered.content.decode()


def test_skus_are_offered_by_how_they_begin(browser, account):
    for sku in ("MUG-1", "MUG-2", "FAN-1"):
        VariantFactory.create(account=account, sku=sku)

    offered = browser.get(url("skus"), {"account": account.pk, "example_sku": "mug"})

    assert re.findall(r'value="([^"]+)"', offered.content.decode()) == ["MUG-1", "MUG-2"]


def test_who_only_looks_sees_the_steps_and_may_try_them_on_a_sku(account, version):
    reviewer = client_as(Role.REVIEWER, account)

    page = reviewer.get(url("change", version.recipe_id)).content.decode()

    assert 'name="s0-prompt_template"\n           value="{title}, on white."' in page
    assert "Add a step" not in page
    assert "Save version" not in page
    posted = {**FORM, "seen": "x"}
    assert reviewer.post(url("change", version.recipe_id), posted).status_code == 403
    assert drafts_of(version) == [STEP]
