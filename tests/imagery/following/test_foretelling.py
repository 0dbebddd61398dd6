"""What a dry run says of the pictures that an upload would get made."""

from dataclasses import replace

import pytest

from bulk_uploads import foretelling
from bulk_uploads.admin.preview_card import preview_card
from bulk_uploads.foretelling import foretold
from imagery.models import ImageJob, ReferencePhoto, Want
from imagery.recipes.drafts import RungDraft
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import PriceRowFactory
from tests.imagery.following.test_uploads import row, upload
from tests.imagery.planning.catalogs import CHAIN, HERO, deliver, recipe

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory.create(currency="EUR")


@pytest.fixture
def pixelapi(settings, account):
    """On, at 1 EUR a picture."""
    settings.PIXELAPI_KEY, settings.PIXELAPI_BASE_URL = "key", "https://api.example.com"
    PriceRowFactory.create(account=account, provider="pixelapi", unit_micros=1_000_000)


def told(made):
    return foretold(made)["imagery"].document


def test_a_dry_run_counts_what_the_upload_would_have_made(account):
    recipe(account, *CHAIN)
    rows = [row("A"), row("B"), row("C")]
    upload(account, rows[0], recipe="own")
    deliver(account)
    changed = [row("A", title="Other"), *rows[1:]]
    dry = upload(account, *changed, recipe="own", dry_run=True, batch_rows=2)

    assert told(dry) == {
        "recipe": "own",
        "skus": 3,
        "images": 7,
        "already_there": 2,
        "minimum": "0.00",
        "expected": "0.00",
        "maximum": "0.00",
        "currency": "EUR",
        "unpriced": [],
    }
    assert ImageJob.objects.count() == 1
    assert Want.objects.count() == 3
    assert ReferencePhoto.objects.count() == 1

    upload(account, *changed, recipe="own")
    assert Want.objects.filter(state="open").count() == 7


def test_what_nothing_is_new_of_costs_nothing(account):
    recipe(account)
    upload(account, row("A"), row("B"), recipe="own")
    dry = upload(account, row("A"), row("B", price="3"), recipe="own", dry_run=True)

    assert (told(dry)["skus"], told(dry)["images"]) == (0, 0)


@pytest.mark.parametrize(("batch_rows", "at_once"), [(1, 1_000), (50, 1_000), (50, 2)])
def test_rows_as_they_were_are_counted_for_a_recipe_nobody_asked_for(
    account, batch_rows, at_once, monkeypatch
):
    monkeypatch.setattr(foretelling, "_AT_ONCE", at_once)
    recipe(account, *CHAIN)
    rows = [row("A"), row("B"), row("C")]
    upload(account, *rows)
    dry = upload(account, *rows, recipe="own", dry_run=True, batch_rows=batch_rows)

    assert dry.unchanged_rows == 3
    assert (told(dry)["skus"], told(dry)["images"]) == (3, 9)

    upload(account, *rows, recipe="own")
    assert Want.objects.filter(state="open").count() == 9


def test_the_same_sum_whatever_the_batches(account):
    recipe(account, HERO, *CHAIN)
    rows = [row(f"S{number}") for number in range(7)]
    documents = [
        told(upload(account, *rows, recipe="own", dry_run=True, batch_rows=size))
        for size in (1, 3, 50)
    ]

    assert documents[0] == documents[1] == documents[2]
    assert documents[0]["images"] == 28


def test_costs_are_of_the_providers_that_are_on(account, pixelapi):
    ladder = (RungDraft("pixelapi"), RungDraft("studio"))
    recipe(account, CHAIN[0], replace(CHAIN[1], role="angle_1", ladder=ladder))
    dry = upload(account, row("A"), row("B"), recipe="own", dry_run=True)

    document = told(dry)
    costs = (document["minimum"], document["expected"], document["maximum"])
    assert costs == ("0.00", "2.00", "4.00")
    card = preview_card(dry)
    assert card is not None
    assert dict(card.foretold[0].facts) == {
        "SKUs": "2",
        "Images": "4",
        "At least": "0.00 EUR",
        "Likely": "2.00 EUR",
        "At most": "4.00 EUR",
    }


def test_what_has_no_price_is_named(account, settings):
    settings.CREATIVEAI_API_KEY, settings.CREATIVEAI_BASE_URL = "key", "https://api.example.com"
    dry = upload(account, row("A"), recipe="hero", dry_run=True)

    assert told(dry)["unpriced"] == ["creativeai"]
    assert "no price is set" in foretold(dry)["imagery"].remark


def test_a_recipe_that_was_changed_since_is_not_counted_by(account):
    recipe(account)
    dry = upload(account, row("A"), recipe="own", dry_run=True)
    recipe(account, *CHAIN)

    assert "was changed since" in foretold(dry)["imagery"].remark


def test_uploads_without_a_recipe_foretell_nothing(account):
    assert foretold(upload(account, row("A"), dry_run=True)) == {}
    assert foretold(upload(account, row("B"), recipe="hero")) == {}
