"""The card on an upload's page: how it went with its images, and what they may cost."""

import re

import pytest
from django.urls import reverse

from accounts.roles import Role
from imagery.models import JobState, Trigger, UploadBudget, UploadFollowing, WaitsFor
from imagery.money.budgets import set_upload_cap
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import (
    ImageJobFactory,
    ProviderCallFactory,
    RecipeVersionFactory,
)
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db


def job(upload, sku: str, state: JobState) -> None:
    is_open = state == JobState.WAITING
    ImageJobFactory.create(
        account=upload.account,
        upload=upload,
        sku=sku,
        trigger=Trigger.UPLOAD,
        state=state,
        ended_at=None if is_open else clock.now(),
        run_after=clock.now() if is_open else None,
    )


@pytest.fixture
def capped():
    """An upload whose images may cost 2.50 USD; one of its calls waits for more."""
    upload = BulkUploadFactory.create(succeeded=True, account__currency="USD")
    job(upload, "A", JobState.WAITING)
    set_upload_cap(upload=upload, cap_micros=2_500_000)
    ProviderCallFactory.create(
        account=upload.account, upload=upload, waits_for=WaitsFor.UPLOAD_BUDGET
    )
    return upload


def cap_url(pk) -> str:
    return reverse("admin:imagery_budget_upload", args=[pk])


def page_of(upload, who: str = Role.MERCHANDISER) -> str:
    browser = client_as(who, upload.account)
    answer = browser.get(reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]))
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_an_uploads_page_sums_up_its_images():
    upload = BulkUploadFactory.create(succeeded=True)
    for sku in ("A", "B", "C"):
        job(upload, sku, JobState.DELIVERED)
    job(upload, "BAD-1", JobState.MISSING_IMAGE)
    job(upload, "LATER", JobState.WAITING)
    job(BulkUploadFactory.create(account=upload.account), "OTHER", JobState.MISSING_IMAGE)

    text = page_of(upload)

    assert "Images 75.0% succeeded 5 SKUs asked for 3 Delivered 1 Still open 1 Failed" in text
    assert "Failed: BAD-1" in text
    assert "OTHER" not in text


def test_an_upload_without_images_has_no_such_card():
    assert "SKUs asked for" not in page_of(BulkUploadFactory.create(succeeded=True))


def test_a_manager_raises_the_cap_and_what_waits_for_it_is_due(capped):
    browser = client_as(Role.MANAGER, capped.account)
    answer = browser.post(cap_url(capped.pk), {"cap": "12.5"})

    assert answer.status_code == 302
    assert answer.url == reverse("admin:bulk_uploads_bulkupload_change", args=[capped.pk])
    assert UploadBudget.objects.get().cap_micros == 12_500_000
    assert capped.provider_calls.get().due_at <= clock.now()
    assert "may cost 12.50 USD; 0.00 USD of it" in page_of(capped)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sets_budgets_sets_the_cap_of_an_upload(capped, who):
    answer = client_as(who, capped.account).post(cap_url(capped.pk), {"cap": "5"})

    if who in (Role.MANAGER, SUPERUSER):
        assert answer.status_code == 302
        assert UploadBudget.objects.get().cap_micros == 5_000_000
    else:
        assert answer.status_code == (403 if who == Role.MERCHANDISER else 404)
        assert UploadBudget.objects.get().cap_micros == 2_500_000


def test_only_who_may_set_the_cap_is_offered_to(capped):
    assert "Set the cap" in page_of(capped, Role.MANAGER)
    text = page_of(capped)
    assert "Set the cap" not in text
    assert "may cost 2.50 USD" in text


def test_another_accounts_cap_is_not_there(capped):
    stranger = client_as(Role.MANAGER, AccountFactory.create())

    assert stranger.post(cap_url(capped.pk), {"cap": "5"}).status_code == 404
    assert UploadBudget.objects.get().cap_micros == 2_500_000


@pytest.mark.parametrize("cap", ["", "-1", "much", "1e30", "NaN", "0.0000001"])
def test_a_cap_that_is_none_is_said_and_changes_nothing(capped, cap):
    browser = client_as(Role.MANAGER, capped.account)
    answer = browser.post(cap_url(capped.pk), {"cap": cap}, follow=True)

    assert "The cap was not set." in answer.content.decode()
    assert UploadBudget.objects.get().cap_micros == 2_500_000


@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, "-1"])
def test_no_upload_has_no_cap(capped, pk):
    browser = client_as(Role.MANAGER, capped.account)

    assert browser.post(cap_url(pk), {"cap": "5"}).status_code == 404


def test_an_upload_without_a_cap_gets_none(capped):
    other = BulkUploadFactory.create(account=capped.account, succeeded=True)
    job(other, "B", JobState.WAITING)
    browser = client_as(Role.MANAGER, capped.account)

    assert browser.post(cap_url(other.pk), {"cap": "5"}).status_code == 404
    assert browser.get(cap_url(capped.pk)).status_code == 405
    assert UploadBudget.objects.count() == 1
    assert "Set the cap" not in page_of(other, Role.MANAGER)


def given_up(upload, problem: str, **more) -> UploadFollowing:
    return UploadFollowing.objects.create(
        upload=upload,
        account=upload.account,
        run_after=None,
        ended_at=clock.now(),
        problem=problem,
        attempts=9,
        checkpoint_row=40,
        **more,
    )


def again_url(pk) -> str:
    return reverse("admin:imagery_imagejob_follow_again", args=[pk])


@pytest.mark.parametrize(("made", "said"), [(0, "No images"), (1, "Not all images")])
def test_an_uploads_page_tells_why_no_more_images_were_asked_for(made, said):
    upload = BulkUploadFactory.create(succeeded=True, options={"recipe": "summer"})
    for number in range(made):
        job(upload, f"SKU-{number}", JobState.DELIVERED)
    given_up(upload, "There is no recipe summer.")

    assert f"{said} were asked for. There is no recipe summer." in page_of(upload)


def test_an_uploads_page_tells_that_its_images_are_being_planned():
    upload = BulkUploadFactory.create(succeeded=True)
    version = RecipeVersionFactory.create(recipe__account=upload.account)
    UploadFollowing.objects.create(
        upload=upload, account=upload.account, run_after=clock.now(), recipe_version=version
    )

    assert "The images of its rows are being planned." in page_of(upload)


def test_a_page_tells_of_images_that_are_there_where_none_were_asked_for():
    upload = BulkUploadFactory.create(succeeded=True)
    given_up(upload, "No progress in 8 attempts.")

    text = page_of(upload)
    assert "Images that were there before this file may be out of date" in text
    assert "were asked for" not in text
    assert "No progress in 8 attempts. Try again" in text


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_asks_for_images_has_an_upload_followed_again(who):
    upload = BulkUploadFactory.create(succeeded=True)
    following = given_up(upload, "No progress in 8 attempts.")
    answer = client_as(who, upload.account).post(again_url(upload.pk))

    following.refresh_from_db()
    if who in (Role.MERCHANDISER, Role.MANAGER, SUPERUSER):
        assert answer.url == reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk])
        assert (following.ended_at, following.problem, following.attempts) == (None, "", 0)
        assert following.run_after <= clock.now()
        assert following.checkpoint_row == 40
    else:
        assert answer.status_code == 404
        assert (following.run_after, following.attempts) == (None, 9)


def test_what_is_under_way_or_another_accounts_is_not_tried_again():
    upload = BulkUploadFactory.create(succeeded=True)
    browser = client_as(Role.MANAGER, upload.account)
    following = given_up(upload, "")
    answer = browser.post(again_url(upload.pk), follow=True)
    assert "There is nothing to try again" in answer.content.decode()
    UploadFollowing.objects.update(problem="No progress.")

    stranger = client_as(Role.MANAGER, AccountFactory.create())
    assert stranger.post(again_url(upload.pk)).status_code == 404
    assert browser.get(again_url(upload.pk)).status_code == 405
    assert browser.post(again_url("9" * 30)).status_code == 404
    following.refresh_from_db()
    assert following.run_after is None
