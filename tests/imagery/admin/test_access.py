"""Who may open the pages of imagery, and do what on them: by role, and never in another account."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from imagery.models import ImageJob, ImagerySettings, Recipe, UnknownPolicy
from imagery.recipes.defaults import make_defaults
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import VariantFactory
from tests.factories.imagery import ImageJobFactory, RecipeVersionFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

MODELS = ("imagejob", "imagebatch", "missingimage", "recipe", "imagerysettings")
EDITORS = {Role.MANAGER.value, SUPERUSER}
ASKERS = {Role.MERCHANDISER.value, *EDITORS}


def url(model: str, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:imagery_{model}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_every_member_sees_how_it_stands(who, model):
    client = client_as(who, AccountFactory())

    assert client.get(url(model)).status_code == (403 if who == STRANGER else 200)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_runs_an_account_writes_its_recipes(who):
    version = RecipeVersionFactory()
    client = client_as(who, version.recipe.account)

    assert client.get(url("recipe", "add")).status_code == (200 if who in EDITORS else 403)
    archived = client.post(url("recipe", "archive", version.recipe_id), {"archived": "1"})

    seen = 404 if who == STRANGER else 403
    assert archived.status_code == (302 if who in EDITORS else seen)
    assert Recipe.objects.get().is_archived == (who in EDITORS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_merchandisers_ask_for_pictures(who):
    variant = VariantFactory()
    make_defaults(account=variant.account)
    client = client_as(who, variant.account)

    page = client.get(url("imagebatch", "add"), {"variants": variant.pk})
    asked = client.post(url("imagebatch", "add"), {"variants": variant.pk, "recipe": "pipeline"})

    assert page.status_code == (200 if who in ASKERS else 403)
    assert asked.status_code == (302 if who in ASKERS else 403)
    assert ImageJob.objects.count() == (1 if who in ASKERS else 0)


@pytest.mark.parametrize("who", EVERYBODY)
def test_managers_decide_what_follows_an_unknown_outcome(who):
    account = AccountFactory()
    client = client_as(who, account)

    answer = client.post(
        url("imagerysettings"),
        {
            "account": account.pk,
            "unknown_policy": UnknownPolicy.WAIT,
            "redo_budget": 2,
            "auto_approve_fidelity": 90,
        },
    )

    if who in EDITORS:
        assert answer.status_code == 302
        assert ImagerySettings.objects.get().unknown_policy == UnknownPolicy.WAIT
    else:
        assert answer.status_code == 403
        assert not ImagerySettings.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_nothing_of_another_account_is_shown_or_changed(role):
    job = ImageJobFactory(sku="THEIRS-1")
    recipe = job.recipe_version.recipe
    variant = VariantFactory(account=job.account, sku="THEIRS-1")
    make_defaults(account=job.account)
    client = client_as(role, AccountFactory())

    assert "THEIRS-1" not in client.get(url("imagejob")).content.decode()
    assert client.get(url("imagejob", "change", job.pk)).status_code == 302
    assert client.get(url("imagejob", "live", job.pk)).status_code == 404
    assert client.get(url("imagejob", "cells"), {"ids": job.pk}).context["cells"] == []
    assert client.get(url("recipe", "change", recipe.pk)).status_code == 302
    assert client.post(url("recipe", "archive", recipe.pk), {"archived": "1"}).status_code == 404
    for page in ("skus", "example"):
        given = {"account": job.account_id, "example_sku": "THEIRS-1"}
        answer = client.get(url("recipe", page), given)
        assert answer.status_code == (404 if page == "skus" else 405)
    assert client.post(url("recipe", "example"), given).status_code == 404
    given = {"variants": variant.pk, "recipe": "pipeline"}
    assert client.post(url("imagebatch", "add"), given).status_code in (302, 403)
    assert client.post(url("imagebatch", "estimate"), given).status_code in (403, 404)
    assert client.post(url("imagerysettings"), {"account": job.account_id}).status_code == 404
    recipe.refresh_from_db()
    assert not recipe.is_archived
    assert list(ImageJob.objects.all()) == [job]
    assert not ImagerySettings.objects.exists()


@pytest.mark.parametrize(
    ("model", "page"), [("recipe", "archive"), ("recipe", "example"), ("imagebatch", "estimate")]
)
def test_what_changes_or_costs_something_is_posted(model, page):
    version = RecipeVersionFactory()
    client = client_as(Role.MANAGER, version.recipe.account)
    args = [version.recipe_id] if page == "archive" else []

    assert client.get(url(model, page, *args)).status_code == 405
