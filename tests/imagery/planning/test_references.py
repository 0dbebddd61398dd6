"""The identity of a source photo stays what it was when it was first planned."""

import pytest

from imagery.models import ReferencePhoto
from imagery.planning import references
from imagery.recipes.variant_facts import Photo
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.imagery.planning.catalogs import fetch, variant

pytestmark = pytest.mark.django_db
ONE, TWO = "https://cdn.example.com/1.png", "https://cdn.example.com/2.png"
FIRST, SECOND = "a" * 64, "b" * 64


@pytest.fixture
def account():
    return AccountFactory.create()


def identities(account, *photos):
    """As planned; a look-up before says the same, and writes nothing."""
    before = ReferencePhoto.objects.count()
    foreseen = references.look_up(account_id=account.pk, photos=photos)
    assert ReferencePhoto.objects.count() == before
    settled = references.settle(account_id=account.pk, photos=photos, at=clock.now())
    found = {url: reference.identity for url, reference in settled.items()}
    assert {url: reference.identity for url, reference in foreseen.items()} == found
    for url, reference in settled.items():
        row = ReferencePhoto.objects.get(pk=reference.id)
        assert (row.identity, row.url) == (found[url], url)
    return [found[photo.url] for photo in photos]


def test_an_address_is_the_same_photo_before_and_after_it_was_fetched(account):
    (before,) = identities(account, Photo(ONE))
    (after,) = identities(account, Photo(ONE, FIRST))
    (later,) = identities(account, Photo(ONE))

    assert before == after == later
    assert before.startswith("url:")
    assert ReferencePhoto.objects.get().sha256 == FIRST


def test_other_content_at_an_address_is_another_photo(account):
    old, new, again = (
        identities(account, Photo(ONE, content))[0] for content in (FIRST, SECOND, FIRST)
    )

    assert (old, new, again) == (f"sha256:{FIRST}", f"sha256:{SECOND}", f"sha256:{FIRST}")
    assert ReferencePhoto.objects.count() == 2


def test_the_same_content_at_another_address_is_the_same_photo(account):
    identities(account, Photo(ONE))
    (first,) = identities(account, Photo(ONE, FIRST))
    (second,) = identities(account, Photo(TWO, FIRST))
    third, fourth = identities(
        account, Photo("https://a.example.com", SECOND), Photo("https://b.example.com", SECOND)
    )

    assert first == second
    assert third == fourth != first


def test_a_photo_that_is_fetched_again_is_taken_for_what_it_was_last(account):
    identities(account, Photo(ONE, FIRST))
    identities(account, Photo(ONE, SECOND))

    assert identities(account, Photo(ONE)) == [f"sha256:{SECOND}"]


def test_photos_of_two_accounts_are_two(account):
    other = AccountFactory.create()
    identities(account, Photo(ONE))
    identities(account, Photo(ONE, FIRST))

    assert identities(other, Photo(TWO, FIRST)) == [f"sha256:{FIRST}"]
    assert identities(other, Photo(ONE)) == identities(account, Photo(ONE))
    assert ReferencePhoto.objects.filter(account=other).count() == 2


def test_addresses_given_beside_the_catalog_are_looked_up_there(account):
    variant(account, "MUG", ONE)
    fetch(account, ONE, b"a mug")
    found = references.fetched_photos(account_id=account.pk, urls=[ONE, TWO])

    assert found[ONE].file_id is not None
    assert found[TWO] == Photo(TWO)
    elsewhere = references.fetched_photos(account_id=AccountFactory.create().pk, urls=[ONE])
    assert elsewhere[ONE] == Photo(ONE)
