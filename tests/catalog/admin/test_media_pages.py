"""The media pages: what became of each picture, and beginning again with those that failed."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.roles import Role
from catalog.admin import media_overview
from catalog.api.media import picture_path, thumbnail_path
from catalog.media_fetching.tidying import KEPT_FOR
from catalog.media_fetching.waking import turn
from catalog.models import MediaAsset, MediaFetching
from jobs import clock
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.catalog import (
    MediaAssetFactory,
    PropertySetDefinitionFactory,
    VariantFactory,
    link_media,
)
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

LIST = "admin:catalog_mediaasset_changelist"
FAILURE = "The server answers 404 Not Found."
EDITORS = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}


@pytest.fixture
def account():
    return AccountFactory.create(name="My shop")


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def one_of_each(account) -> dict[str, MediaAsset]:
    return {
        "pending": MediaAssetFactory.create(account=account),
        "fetched": MediaAssetFactory.create(account=account, fetched=True),
        "failed": MediaAssetFactory.create(account=account, failed=True),
    }


def shown(browser, **query) -> set[MediaAsset]:
    return set(browser.get(reverse(LIST), query).context["cl"].result_list)


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def again(asset: MediaAsset) -> str:
    return reverse("admin:catalog_mediaasset_again", args=[asset.pk])


def test_the_list_says_what_became_of_each(browser, account):
    assets = one_of_each(account)

    answer = browser.get(reverse(LIST))

    text = text_of(answer)
    assert "Waits to be fetched." in text
    assert FAILURE in text
    assert "1200 \u00d7 800" in text
    assert thumbnail_path(assets["fetched"].file.uuid) in answer.content.decode()
    assert "My shop Pictures that files name are fetched in the background." in text
    assert "1 waiting 1 failed" in text


@pytest.mark.parametrize("state", ["pending", "fetched", "failed"])
def test_the_list_is_narrowed_to_a_state(browser, account, state):
    assets = one_of_each(account)

    assert shown(browser, state=state) == {assets[state]}


def test_a_state_that_does_not_exist_narrows_nothing(browser, account):
    assert len(one_of_each(account)) == len(shown(browser, state="lost"))


def test_the_counts_lead_to_what_they_count_and_stop_somewhere(browser, account, monkeypatch):
    monkeypatch.setattr(media_overview, "COUNTED", 2)
    MediaAssetFactory.create_batch(3, account=account, failed=True)

    page = browser.get(reverse(LIST))

    assert "more than 2 failed" in text_of(page)
    assert f"?state=failed&amp;account__id__exact={account.pk}" in page.content.decode()


def test_failed_pictures_that_are_chosen_are_fetched_again(browser, account):
    assets = one_of_each(account)
    chosen = [assets["failed"].pk, assets["fetched"].pk]

    answer = browser.post(
        reverse(LIST), {"action": "fetch_selected_again", "_selected_action": chosen}
    )

    assert answer.status_code == 302
    assert said(answer) == ["1 picture is fetched again."]
    for asset in assets.values():
        asset.refresh_from_db()
    assert (assets["failed"].state, assets["failed"].failure) == ("pending", "")
    assert assets["fetched"].state == "fetched"
    assert MediaFetching.objects.get(account=account).run_after <= clock.now()


def test_a_picture_page_shows_it_large_with_its_facts(browser, account):
    asset = one_of_each(account)["fetched"]
    twin = MediaAssetFactory.create(account=account, state="fetched", due_at=None, file=asset.file)
    paths = PropertySetDefinitionFactory.create(account=account, media_paths=True)
    link_media(VariantFactory.create(account=account, sku="FAN-1"), paths, asset.url)

    answer = browser.get(reverse("admin:catalog_mediaasset_change", args=[asset.pk]))

    page = answer.content.decode()
    assert thumbnail_path(asset.file.uuid) in page
    assert f'data-full="{picture_path(asset.file.uuid)}"' in page
    assert "1200 \u00d7 800 pixels" in page
    assert twin.url in page
    assert "FAN-1" in page
    assert again(asset) not in page


def test_a_failed_pictures_page_says_why_and_begins_again(browser, account):
    asset = one_of_each(account)["failed"]
    url = reverse("admin:catalog_mediaasset_change", args=[asset.pk])
    before = browser.get(url)

    answer = browser.post(again(asset), follow=True)

    assert FAILURE in text_of(before)
    assert again(asset) in before.content.decode()
    assert answer.redirect_chain == [(url, 302)]
    asset.refresh_from_db()
    assert (asset.state, asset.attempts) == ("pending", 0)
    assert FAILURE not in text_of(answer)


def test_a_picture_nothing_shows_says_when_it_goes(browser, account):
    now = clock.now()
    asset = MediaAssetFactory.create(account=account, unlinked_since=now)

    answer = browser.get(reverse("admin:catalog_mediaasset_change", args=[asset.pk]))

    assert "No variant shows this picture any more." in text_of(answer)
    assert (now + KEPT_FOR).strftime("%b %Y") in text_of(answer)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_begin_again(account, who):
    asset = one_of_each(account)["failed"]
    client = client_as(who, account)

    single = client.post(again(asset)).status_code
    asset.refresh_from_db()
    state = asset.state

    outsider = who == STRANGER
    assert single == (302 if who in EDITORS else 404 if outsider else 403)
    assert state == ("pending" if who in EDITORS else "failed")


def test_a_reviewer_is_offered_no_action(account):
    asset = one_of_each(account)["failed"]
    browser = client_as(Role.REVIEWER, account)

    answer = browser.post(
        reverse(LIST), {"action": "fetch_selected_again", "_selected_action": [asset.pk]}
    )

    asset.refresh_from_db()
    assert "fetch_selected_again" not in answer.content.decode()
    assert asset.state == "failed"
    page = browser.get(reverse("admin:catalog_mediaasset_change", args=[asset.pk]))
    assert again(asset) not in page.content.decode()


def test_another_accounts_pictures_are_not_begun_again(browser, account):
    theirs = one_of_each(AccountFactory.create())["failed"]

    answer = browser.post(again(theirs))
    browser.post(reverse(LIST), {"action": "fetch_selected_again", "_selected_action": [theirs.pk]})

    theirs.refresh_from_db()
    assert answer.status_code == 404
    assert theirs.state == "failed"


def test_who_edits_one_account_and_reviews_another_begins_again_in_the_first_only(account):
    other = AccountFactory.create()
    mine, theirs = (one_of_each(owner)["failed"] for owner in (account, other))
    browser = client_as(Role.MERCHANDISER, account)
    MembershipFactory.create(account=other, user=browser.user, role=Role.REVIEWER)

    assert browser.post(again(theirs)).status_code == 403
    answer = browser.post(
        reverse(LIST), {"action": "fetch_selected_again", "_selected_action": [mine.pk, theirs.pk]}
    )

    theirs.refresh_from_db()
    assert theirs.state == "failed"
    assert said(answer) == [
        "Nothing was done: your role does not allow this for every selected row."
    ]


def test_begin_again_and_turning_off_are_asked_for_by_post_alone(account):
    asset = one_of_each(account)["failed"]
    browser = client_as(Role.MANAGER, account)

    assert browser.get(again(asset)).status_code == 405
    assert browser.get(reverse("admin:catalog_mediaasset_fetching")).status_code == 405
    asset.refresh_from_db()
    assert asset.state == "failed"


def test_a_manager_turns_fetching_off_and_on(account):
    browser = client_as(Role.MANAGER, account)
    url = reverse("admin:catalog_mediaasset_fetching")

    off = browser.post(url, {"account": account.pk, "on": "0"}, follow=True)
    assert not MediaFetching.objects.get(account=account).is_on
    assert "My shop: No more pictures are fetched." in text_of(off)
    assert "Fetching is turned off: new pictures wait." in text_of(off)

    browser.post(url, {"account": account.pk, "on": "1"})
    assert MediaFetching.objects.get(account=account).is_on


@pytest.mark.parametrize("who", [Role.MERCHANDISER.value, Role.REVIEWER.value, STRANGER])
def test_nobody_else_turns_fetching_off(account, who):
    turn(account=account, on=True)
    client = client_as(who, account)

    answer = client.post(
        reverse("admin:catalog_mediaasset_fetching"), {"account": account.pk, "on": "0"}
    )

    assert answer.status_code == (404 if who == STRANGER else 403)
    assert MediaFetching.objects.get(account=account).is_on


@pytest.mark.parametrize("given", ["", "nonsense", "0", "99999999999999999999999"])
def test_turning_off_for_no_account_is_not_found(account, given):
    browser = client_as(Role.MANAGER, account)
    answer = browser.post(reverse("admin:catalog_mediaasset_fetching"), {"account": given})

    assert answer.status_code == 404
    assert not MediaFetching.objects.exists()


def test_the_operators_word_is_said(browser, account, settings):
    settings.MEDIA_FETCHING = False

    assert "turned the fetching of pictures off for this installation" in text_of(
        browser.get(reverse(LIST))
    )


def test_a_variants_page_shows_its_pictures_and_why_some_are_missing(browser, account):
    assets = one_of_each(account)
    retried = MediaAssetFactory.create(
        account=account, attempts=2, failure_code="http_503", failure="It answers 503."
    )
    variant = VariantFactory.create(account=account)
    paths = PropertySetDefinitionFactory.create(account=account, media_paths=True)
    link_media(variant, paths, *(asset.url for asset in assets.values()), retried.url)

    answer = browser.get(reverse("admin:catalog_variant_change", args=[variant.pk]))

    page, text = answer.content.decode(), text_of(answer)
    assert f'data-full="{picture_path(assets["fetched"].file.uuid)}"' in page
    assert 'src="https://' not in page
    assert f"Failed {FAILURE} About this picture" in text
    assert "Waiting It is fetched in the background." in text
    assert "Waiting It answers 503. Next try 15 Mar, 09:00 UTC." in text
    assert reverse("admin:catalog_mediaasset_change", args=[assets["failed"].pk]) in page


def test_no_page_may_load_a_picture_from_elsewhere(browser):
    policy = browser.get(reverse(LIST)).headers["Content-Security-Policy"]

    assert "img-src 'self' data: blob:;" in policy
