"""The pages of batches: how they stand, and what is decided after a pilot."""

import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from imagery.models import BatchState, ImageBatch, JobState, Trigger
from imagery.money.budgets import set_upload_cap
from imagery.planning import pilots
from imagery.planning.requests import Target, request_images
from imagery.recipes.editing import version_in_force
from jobs import clock
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.catalog import VariantFactory
from tests.factories.imagery import ProviderCallFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory.create(currency="USD")


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def batch_of(account, *, skus: int = 4, pilot_size: int = 1, prefix: str = "SKU") -> ImageBatch:
    names = [f"{prefix}-{number}" for number in range(skus)]
    for name in names:
        VariantFactory.create(account=account, sku=name)
    requested = request_images(
        account=account,
        targets=[Target(sku=name) for name in names],
        version=version_in_force(account=account, name="hero"),
        trigger=Trigger.ADMIN,
        pilot_size=pilot_size,
    )
    return requested.batch


def end_pilot(batch: ImageBatch) -> None:
    batch.jobs.filter(is_pilot=True).update(
        state=JobState.DELIVERED, ended_at=clock.now(), run_after=None
    )


def page(batch: ImageBatch, name: str = "change") -> str:
    return reverse(f"admin:imagery_imagebatch_{name}", args=[batch.pk])


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def states(batch: ImageBatch) -> list[str]:
    return sorted(batch.jobs.values_list("state", flat=True))


def test_a_pilot_under_way_renews_itself_and_then_asks_for_a_decision(browser, account):
    batch = batch_of(account)

    before = browser.get(page(batch))
    assert "Pilot under way 4 SKUs" in text_of(before)
    assert page(batch, "live") in before.content.decode()
    end_pilot(batch)
    after = browser.get(page(batch))

    assert "Pilot to look at" in text_of(after)
    assert "The rest: 3 SKUs" in text_of(after)
    assert page(batch, "live") not in after.content.decode()


def test_the_estimate_of_the_rest_stands_beside_what_the_pilot_cost(browser, account):
    batch = batch_of(account, pilot_size=2)
    ImageBatch.objects.filter(pk=batch.pk).update(
        estimated_expected_micros=4_000_000, estimated_maximum_micros=8_000_000
    )
    job = batch.jobs.filter(is_pilot=True).first()
    ProviderCallFactory.create(account=account, job=job)
    end_pilot(batch)

    text = text_of(browser.get(page(batch)))

    assert "At least 0.00 USD Expected 2.00 USD At most 4.00 USD" in text
    assert "If it costs what the pilot did 0.00 USD" in text


def test_counts_lead_to_the_jobs_they_count(browser, account):
    batch = batch_of(account)
    url = f"{reverse('admin:imagery_imagejob_changelist')}?batch={batch.pk}&state=held"

    assert url.replace("&", "&amp;") in browser.get(page(batch)).content.decode()
    assert len(browser.get(url).context["cl"].result_list) == 3
    assert len(browser.get(url.replace(f"={batch.pk}", "=x")).context["cl"].result_list) == 0


@pytest.mark.parametrize(
    ("decision", "state", "rest"),
    [
        ("release", BatchState.RELEASED, JobState.WAITING),
        ("drop", BatchState.DROPPED, JobState.CANCELLED),
    ],
)
def test_the_rest_is_released_or_dropped(browser, account, decision, state, rest):
    batch = batch_of(account)
    end_pilot(batch)

    answer = browser.post(page(batch, "decide"), {"decision": decision})

    batch.refresh_from_db()
    assert answer.status_code == 302
    assert (batch.state, batch.decided_by) == (state, browser.user)
    assert states(batch) == sorted([JobState.DELIVERED, rest, rest, rest])
    again = browser.post(page(batch, "decide"), {"decision": "release"})
    assert said(again)[-1] == "This batch was decided before."


def test_the_batch_goes_on_with_another_recipe(browser, account):
    batch = batch_of(account)

    answer = browser.post(
        page(batch, "decide"), {"decision": "change_recipe", "recipe": "pipeline"}
    )

    batch.refresh_from_db()
    assert said(answer) == ["A new pilot is planned with pipeline, version 1."]
    assert batch.recipe_version.recipe.name == "pipeline"
    assert batch.state == BatchState.PILOT


def test_nothing_is_decided_while_all_is_planned_anew(browser, account):
    batch = batch_of(account)
    browser.post(page(batch, "decide"), {"decision": "change_recipe", "recipe": "pipeline"})

    drawn = browser.get(page(batch))
    assert "Being planned" in text_of(drawn)
    assert "release-dialog" not in drawn.content.decode()
    assert f"{page(batch, 'live')}?planning" in drawn.content.decode()
    answer = browser.post(page(batch, "decide"), {"decision": "release"})
    assert said(answer)[-1].startswith("This batch is still being planned.")
    assert "HX-Refresh" not in browser.get(page(batch, "live") + "?planning").headers

    run_follow_up(FollowUp.objects.get(kind=pilots.REPLANNED).pk)
    assert browser.get(page(batch, "live") + "?planning").headers["HX-Refresh"] == "true"
    assert "release-dialog" in browser.get(page(batch)).content.decode()


def test_a_batch_that_was_stopped_in_its_pilot_is_done(browser, account):
    batch = batch_of(account)
    batch.jobs.update(state=JobState.CANCELLED, ended_at=clock.now(), run_after=None)

    drawn = browser.get(page(batch))
    assert "Done 4 SKUs" in text_of(drawn)
    assert page(batch, "live") not in drawn.content.decode()


def test_the_cap_of_its_upload_stands_beside_a_batch(browser, account):
    batch = batch_of(account)
    upload = BulkUploadFactory.create(account=account, succeeded=True)
    ImageBatch.objects.filter(pk=batch.pk).update(upload=upload)
    set_upload_cap(upload=upload, cap_micros=2_500_000)

    assert "Cap of the upload 2.50 USD, 0.00 USD used" in text_of(browser.get(page(batch)))


@pytest.mark.parametrize(
    ("posted", "reason"),
    [
        ({}, "Choose what to do with the rest."),
        ({"decision": "change_recipe", "recipe": "none"}, "There is no recipe 'none'."),
        ({"decision": "change_recipe", "recipe": "\x00"}, "There is no recipe ''."),
        (
            {"decision": "change_recipe", "recipe": "hero"},
            "This batch was planned with this version before. Change the recipe, and choose again.",
        ),
    ],
    ids=["nothing", "unknown", "never", "same"],
)
def test_what_cannot_be_decided_is_said_and_changes_nothing(browser, account, posted, reason):
    batch = batch_of(account)
    before = states(batch)

    assert said(browser.post(page(batch, "decide"), posted)) == [reason]
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (BatchState.PILOT, before)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_asks_for_pictures_decides(who, account):
    batch = batch_of(account)
    client = client_as(who, account)
    may = who in (Role.MERCHANDISER, Role.MANAGER, SUPERUSER)

    answer = client.post(page(batch, "decide"), {"decision": "drop"})

    batch.refresh_from_db()
    if may:
        assert (answer.status_code, batch.state) == (302, BatchState.DROPPED)
    else:
        assert answer.status_code == (404 if who == STRANGER else 403)
        assert batch.state == BatchState.PILOT
        assert "release-dialog" not in client.get(page(batch)).content.decode()


def test_nobody_decides_in_another_account(account):
    batch = batch_of(account)
    stranger = client_as(Role.MANAGER, AccountFactory.create())

    assert stranger.post(page(batch, "decide"), {"decision": "drop"}).status_code == 404
    assert stranger.get(page(batch, "live")).status_code == 404
    assert stranger.get(page(batch, "decide")).status_code == 405
    batch.refresh_from_db()
    assert batch.state == BatchState.PILOT


def test_the_page_costs_the_same_for_one_sku_and_for_many(browser, account):
    def queries(batch: ImageBatch) -> int:
        browser.get(page(batch))
        with CaptureQueriesContext(connection) as captured:
            browser.get(page(batch))
        return len(captured)

    few = batch_of(account, skus=3)
    many = batch_of(account, skus=9, pilot_size=6, prefix="MORE")

    assert queries(many) == queries(few)


def test_the_list_tells_the_recipe_and_how_many(browser, account):
    batch_of(account)

    text = text_of(browser.get(reverse("admin:imagery_imagebatch_changelist")))

    assert "Batch" in text
    assert "Pilot hero, version 1 4, 1 in the pilot 0.00 USD" in text
