"""What is announced is asked for: by the webhook's recipe, and once."""

from datetime import timedelta

import pytest

from imagery.hooks.requesting import ARCHIVED
from imagery.hooks.tidying import KEPT_FOR, forget_old_deliveries
from imagery.models import HookDelivery, HookEndpoint, ImageJob, Want
from jobs import clock
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.factories.imagery import HookEndpointFactory
from tests.imagery.hooks.announcing import PRODUCT, announce, body_of
from tests.imagery.planning.catalogs import recipe, variant


@pytest.fixture
def endpoint(account) -> HookEndpoint:
    version = recipe(account)
    return HookEndpointFactory.create(account=account, recipe=version.recipe, images=2)


def follow_up() -> None:
    run_follow_up(FollowUp.objects.latest("pk").pk)


def test_announced_products_become_image_jobs_of_the_webhook(endpoint):
    variant(endpoint.account, "LAMP", display_name="A lamp")
    announce(endpoint, body_of(PRODUCT, {"sku": "LAMP"}))

    follow_up()

    jobs = ImageJob.objects.order_by("id")
    assert [(job.sku, job.trigger, job.hook, job.images) for job in jobs] == [
        ("SKU-1001", "hook", endpoint, 2),
        ("LAMP", "hook", endpoint, 2),
    ]
    prompts = set(Want.objects.values_list("prompt", flat=True))
    assert prompts == {
        "A photo of Minimalist ceramic mug. Look: studio lighting, white seamless.",
        "A photo of A lamp.",
    }
    delivery = HookDelivery.objects.get()
    assert (delivery.jobs, delivery.already, delivery.problem) == (2, 0, "")
    assert delivery.done_at is not None
    assert delivery.products == []


def test_a_follow_up_that_runs_twice_asks_once(endpoint):
    announce(endpoint)
    follow_up()
    FollowUp.objects.update(finished_at=None, run_after=clock.now())

    follow_up()

    assert ImageJob.objects.count() == 1


def test_the_same_product_announced_again_wants_nothing_new(endpoint):
    announce(endpoint, webhook_id="a")
    follow_up()
    wants = Want.objects.count()
    announce(endpoint, webhook_id="b")
    follow_up()

    assert Want.objects.count() == wants == 2


def test_an_archived_recipe_is_said_to_be_the_problem(endpoint):
    endpoint.recipe.is_archived = True
    endpoint.recipe.save()
    announce(endpoint)

    follow_up()

    delivery = HookDelivery.objects.get()
    assert (delivery.problem, delivery.jobs) == (ARCHIVED, 0)
    assert not ImageJob.objects.exists()


def test_old_announcements_are_forgotten_once_they_are_done_with(endpoint):
    for name in "ab":
        announce(endpoint, webhook_id=name)
    follow_up()
    HookDelivery.objects.update(received_at=clock.now() - 2 * KEPT_FOR)
    HookDelivery.objects.filter(webhook_id="b").update(
        done_at=clock.now() - KEPT_FOR - timedelta(minutes=1)
    )

    assert forget_old_deliveries() == 1
    assert HookDelivery.objects.get().webhook_id == "a"
