"""Marketplace sets, through the API and the admin: what is approved, of one account, streamed."""

import io
import zipfile

import pytest
from django.urls import reverse

from accounts.roles import Role
from accounts.scopes import Scope
from catalog.models import Variant
from imagery.models import Role as ImageRole
from tests.api_client import program
from tests.factories.accounts import AccountFactory
from tests.imagery.renditions.pictures import BLUE, GREEN, seen
from tests.imagery.renditions.published import (
    approve,
    picture,
    published_image,
    stored_image,
)
from tests.imports import import_rows
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db
URL = "/images/marketplace_set"


@pytest.fixture
def account():
    """Two heroes and a lifestyle picture approved, one that waits, one SKU without any."""
    account = AccountFactory.create()
    rows = [["A/1", "Fan", "Fans"], ["B", "Fan", "Fans"], ["C", "Lamp", "Lamps"]]
    import_rows(account, ["SKU", "Product Name", "Category Path"], rows)
    published_image(account, sku="A/1")
    published_image(account, sku="A/1", role=ImageRole.LIFESTYLE, content=picture(BLUE))
    published_image(account, sku="C", content=picture(GREEN, size=(300, 500)))
    stored_image(account, sku="B", content=picture(GREEN))
    return account


def opened(response):
    assert response.status_code == 200
    assert response.streaming
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def index_of(files):
    lines = files["index.csv"].decode("utf-8-sig").splitlines()
    assert lines[0] == "File,SKU,Role,Note"
    return lines[1:]


def test_a_set_holds_what_is_approved_named_by_sku(account):
    response = program(account).get(URL, channel="amazon")

    files = opened(response)
    assert list(files) == ["A%2F1.MAIN.jpg", "A%2F1.PT01.jpg", "C.MAIN.jpg", "index.csv"]
    assert index_of(files) == [
        "A%2F1.MAIN.jpg,A/1,hero,",
        "A%2F1.PT01.jpg,A/1,lifestyle,",
        "C.MAIN.jpg,C,hero,",
    ]
    assert seen(files["C.MAIN.jpg"]).size == (300, 500)
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    assert f'filename="amazon-{account.slug}-' in response["Content-Disposition"]


def test_pictures_are_as_the_channel_wants_them(account):
    files = opened(program(account).get(URL, channel="flipkart", sku="C"))

    assert list(files) == ["C-hero.jpg", "index.csv"]
    assert seen(files["C-hero.jpg"]).size == (500, 500)


@pytest.mark.parametrize(
    ("query", "skus"),
    [({"category": "Lamps"}, ["C"]), ({"q": "fan"}, ["A%2F1"]), ({"sku": ["A/1", "C"]}, None)],
    ids=["category", "text", "SKUs"],
)
def test_it_can_be_narrowed_down(account, query, skus):
    files = opened(program(account).get(URL, channel="ebay", **query))

    stems = {name.partition("-")[0] for name in files} - {"index.csv"}
    assert stems == set(skus or ["A%2F1", "C"])


def test_what_is_not_built_yet_is_named(account):
    approve(stored_image(account, sku="B", content=picture((1, 2, 3))))

    files = opened(program(account).get(URL, channel="google"))

    assert "B-hero.jpg" not in files
    assert "B-hero.jpg,B,hero,Not built yet: download the set again later." in index_of(files)


def test_a_set_of_nothing_says_so(account):
    files = opened(program(AccountFactory.create()).get(URL, channel="google"))

    assert index_of(files) == []
    assert opened(program(account).get(URL, channel="google", sku="B")) == files


@pytest.mark.parametrize("channel", ["nowhere", "", "zoom", "channel:amazon"])
def test_other_channels_are_refused(account, channel):
    assert program(account).get(URL, channel=channel).status_code == 422


def test_a_token_needs_a_scope_that_deals_with_it(account):
    assert program(account, Scope.UPLOADS).get(URL, channel="amazon").status_code == 403
    assert program(account, Scope.REVIEW).get(URL, channel="amazon").status_code == 200


def load(client, account, **more):
    ids = ",".join(str(pk) for pk in Variant.objects.values_list("pk", flat=True))
    data = {"account": account.pk, "variants": ids, "what": "chosen", "channel": "amazon", **more}
    return client.post(reverse("admin:imagery_marketplace_set"), data)


def choose(client, *skus):
    chosen = Variant.objects.filter(sku__in=skus).values_list("pk", flat=True)
    data = {"action": "marketplace_set", "_selected_action": list(chosen)}
    return client.post(reverse("admin:catalog_variant_changelist"), data)


@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_may_see_images_may_load_a_set(account, who):
    client = client_as(who, account)

    answer = load(client, account)

    if who in (*Role.values, SUPERUSER):
        assert len(opened(answer)) == 4
    else:
        assert answer.status_code == 403


def test_no_other_accounts_images_are_in_a_set(account):
    other = AccountFactory.create()
    import_rows(other, ["SKU", "Product Name"], [["A/1", "Fan"]])
    theirs = client_as(Role.REVIEWER, other)

    assert load(theirs, account).status_code == 403
    assert list(opened(load(theirs, other))) == ["index.csv"]
    assert list(opened(load(theirs, other, what="everything"))) == ["index.csv"]


def test_chosen_variants_lead_to_the_page_and_from_there_to_the_set(account):
    client = client_as(Role.MERCHANDISER, account)

    page = choose(client, "A/1", "B")

    assert page.status_code == 200
    text = page.content.decode()
    assert "The 2 chosen" in text
    assert "JPEG of at most 2,000 x 2,000" in text
    form = page.context["form"]
    ids = form["variants"].value()
    assert len(opened(load(client, account, variants=ids))) == 3
    assert len(opened(load(client, account, variants=ids, what="everything"))) == 4


def test_a_set_is_of_one_account(account):
    other = AccountFactory.create()
    import_rows(other, ["SKU", "Product Name"], [["X", "Fan"]])
    client = client_as(Role.MANAGER, account, other)

    answer = choose(client, "A/1", "X")

    assert answer.status_code == 302
    assert "several accounts" in client.get(answer.url).content.decode()


def test_a_form_without_a_channel_comes_back(account):
    answer = load(client_as(Role.MANAGER, account), account, channel="nowhere")

    assert answer.status_code == 422
    assert b"Select a valid choice" in answer.content


def test_nothing_is_loaded_by_a_link(account):
    client = client_as(Role.MANAGER, account)

    assert client.get(reverse("admin:imagery_marketplace_set")).status_code == 405
    assert client_as(STRANGER).post(reverse("admin:imagery_marketplace_set")).status_code == 403
