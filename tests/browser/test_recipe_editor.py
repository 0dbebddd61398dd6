"""A manager writes a recipe: cards come, move and go, and the example follows what is typed."""

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from imagery.models import Recipe
from imagery.recipes.drafts import RungDraft, StepDraft
from imagery.recipes.editing import drafts_of
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.catalog import VariantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_recipe_is_put_together_in_the_browser(page: Page, live_server):
    account = AccountFactory.create()
    VariantFactory.create(account=account, sku="MUG-1", display_name="Blue mug")
    user = UserFactory.create(username="mia", password="secret-of-mia")
    MembershipFactory.create(account=account, user=user, role=Role.MANAGER)
    page.goto("/admin/login/?next=/admin/imagery/recipe/add/")
    page.get_by_label("Username").fill("mia")
    page.get_by_label("Password").fill("secret-of-mia")
    page.get_by_role("button", name="Log in").click()

    page.get_by_label("Name").first.fill("two-steps")
    first = page.locator("[data-step]").nth(0)
    first.locator("[data-step-name]").fill("room")
    first.get_by_label("Delivers the role").select_option("lifestyle")
    first.get_by_label("What is done").select_option("replace_background")
    first.get_by_label("Prompt").fill("{title} in a room.")
    expect(page.get_by_text("Blue mug in a room.")).to_be_visible()

    page.get_by_role("button", name="Add a step").click()
    second = page.locator("[data-step]").nth(1)
    second.locator("[data-step-name]").fill("cut-out")
    second.get_by_label("What is done").select_option("remove_background")
    expect(second.get_by_label("Prompt")).to_be_hidden()
    second.get_by_role("button", name="Add a provider").click()
    second.get_by_label("Provider").nth(0).select_option("pixelapi")
    first.get_by_label("Starts from").select_option(label="The picture of \u201ccut-out\u201d")
    second.get_by_role("button", name="Move this step up").click()
    page.get_by_role("button", name="Save the recipe").click()

    expect(page.get_by_text("Version 1 of two-steps is in force from now on.")).to_be_visible()
    version = Recipe.objects.get(name="two-steps").versions.get()
    assert drafts_of(version) == [
        StepDraft(
            name="cut-out",
            operation="remove_background",
            ladder=[RungDraft("pixelapi"), RungDraft("studio")],
        ),
        StepDraft(
            name="room",
            operation="replace_background",
            role="lifestyle",
            prompt_template="{title} in a room.",
            input_step="cut-out",
            ladder=[RungDraft("studio")],
        ),
    ]
