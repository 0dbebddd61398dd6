"""The webhooks pages: secrets shown once, caps, rotating and switching off, for managers alone."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.roles import Role
from imagery.hooks.signatures import secret_of
from imagery.models import HookDelivery, HookEndpoint
from imagery.money.hook_budgets import this_month
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import HookEndpointFactory, RecipeFactory
from tests.imagery.hooks.announcing import announce
from tests.signing_in import STRANGER, client_as


@pytest.fixture
def endpoint(db) -> HookEndpoint:
    return HookEndpointFactory.create(name="Shop", monthly_cap_micros=12_500_000)


@pytest.fixture
def manager(endpoint):
    return client_as(Role.MANAGER, endpoint.account)


def url(page, *args):
    return reverse(f"admin:imagery_hookendpoint_{page}", args=args)


def secret_in(response):
    return re.search(r"whsec_[A-Za-z0-9+/]{43}=", response.content.decode())[0]


def test_making_a_webhook_shows_its_secret_once(manager, endpoint):
    recipe = RecipeFactory.create(account=endpoint.account)
    given = {"name": "PIM", "recipe": recipe.pk, "images": "2", "monthly_cap": "7.5"}

    made = manager.post(url("add"), given)

    new = HookEndpoint.objects.get(name="PIM")
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    assert secret_in(made) == secret_of(new)
    assert f"/hooks/{new.account.uuid}/{new.uuid}" in made.content.decode()
    assert (new.account, new.recipe, new.images, new.monthly_cap_micros) == (
        endpoint.account,
        recipe,
        2,
        7_500_000,
    )
    assert "whsec_" not in manager.get(url("change", new.pk)).content.decode()
    assert announce(new, secret=secret_in(made)).status_code == 202


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "Shop"}, "name"),
        ({"name": ""}, "name"),
        ({"recipe": "other"}, "recipe"),
        ({"images": "11"}, "images"),
        ({"monthly_cap": "-1"}, "monthly_cap"),
        ({"monthly_cap": "1.0000001"}, "monthly_cap"),
    ],
    ids=["taken", "blank", "another account's recipe", "too many", "negative", "too fine"],
)
def test_what_makes_no_sense_is_said_beside_its_field(manager, endpoint, wrong, field):
    others = RecipeFactory.create(account=AccountFactory.create())
    given = {"name": "PIM", "recipe": endpoint.recipe_id, "monthly_cap": "0"} | wrong
    if wrong.get("recipe") == "other":
        given["recipe"] = others.pk

    answer = manager.post(url("add"), given)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert HookEndpoint.objects.count() == 1


def test_a_changed_cap_holds_at_once(manager, endpoint):
    this_month(endpoint=endpoint)
    given = {"name": "Store", "recipe": endpoint.recipe_id, "images": "", "monthly_cap": "20"}

    answer = manager.post(url("change", endpoint.pk), given)

    assert answer.status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.monthly_cap_micros) == ("Store", 20_000_000)
    assert this_month(endpoint=endpoint).cap_micros == 20_000_000


def test_the_page_tells_what_was_announced_and_what_came_of_it(manager, endpoint):
    HookDelivery.objects.create(
        endpoint=endpoint,
        webhook_id="msg_7",
        event="product.created",
        product_count=3,
        received_at=clock.now(),
        done_at=clock.now(),
        jobs=3,
        already=1,
    )

    page = " ".join(manager.get(url("change", endpoint.pk)).content.decode().split())

    assert "msg_7" in page
    assert "3 image jobs, of which 1 had their images already" in page
    assert "0.00 INR, 12.50 INR left" in page


def test_rotating_asks_first_and_shows_the_new_secret(manager, endpoint):
    old = secret_of(endpoint)
    assert manager.get(url("rotate", endpoint.pk)).status_code == 200
    endpoint.refresh_from_db()
    assert endpoint.generation == 1

    kept = manager.post(url("rotate", endpoint.pk), {"keep_old": "on"})

    endpoint.refresh_from_db()
    assert secret_in(kept) == secret_of(endpoint) != old
    assert endpoint.previous_until is not None

    manager.post(url("rotate", endpoint.pk))

    endpoint.refresh_from_db()
    assert (endpoint.generation, endpoint.previous_until) == (3, None)
    assert LogEntry.objects.filter(object_id=str(endpoint.pk)).count() == 2


def test_switching_off_and_on_takes_a_post(manager, endpoint):
    manager.get(url("switch", endpoint.pk), {"to": "off"})
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None

    for to, is_off in (("off", True), ("on", False)):
        assert manager.post(url("switch", endpoint.pk), {"to": to}).status_code == 302
        endpoint.refresh_from_db()
        assert (endpoint.disabled_at is not None) is is_off


@pytest.mark.parametrize("role", [Role.MERCHANDISER, Role.REVIEWER])
def test_only_managers_have_webhooks(endpoint, role):
    client = client_as(role, endpoint.account)

    for page, args in (("changelist", ()), ("add", ())):
        assert client.get(url(page, *args)).status_code == 403
    assert client.post(url("rotate", endpoint.pk)).status_code == 403
    endpoint.refresh_from_db()
    assert endpoint.generation == 1


def test_another_accounts_webhook_is_not_there(endpoint):
    manager = client_as(Role.MANAGER, AccountFactory.create())

    assert manager.get(url("change", endpoint.pk)).status_code == 302
    assert manager.post(url("rotate", endpoint.pk)).status_code == 403
    assert manager.post(url("switch", endpoint.pk), {"to": "off"}).status_code == 403
    assert "Shop" not in manager.get(url("changelist")).content.decode()
    endpoint.refresh_from_db()
    assert (endpoint.generation, endpoint.disabled_at) == (1, None)


def test_who_is_no_member_gets_nowhere(endpoint):
    assert client_as(STRANGER, endpoint.account).get(url("changelist")).status_code == 403


def test_nobody_deletes_a_webhook(manager, endpoint):
    assert manager.post(url("delete", endpoint.pk), {"post": "yes"}).status_code == 403
    assert HookEndpoint.objects.exists()


def test_the_list_costs_the_same_queries_however_long(
    manager, endpoint, django_assert_max_num_queries
):
    manager.get(url("changelist"))
    HookEndpointFactory.create_batch(5, account=endpoint.account)
    with django_assert_max_num_queries(12):
        manager.get(url("changelist"))
