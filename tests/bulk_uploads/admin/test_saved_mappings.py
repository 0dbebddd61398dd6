"""The pages of saved mappings: seen, changed and deleted by those who may upload."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import SavedMapping
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory, SavedMappingFactory
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

LIST = "admin:bulk_uploads_savedmapping_changelist"
MAY = (Role.MERCHANDISER, Role.MANAGER, SUPERUSER)


@pytest.fixture
def saved():
    return SavedMappingFactory(name="Müller GmbH")


def url(page, saved):
    return reverse(f"admin:bulk_uploads_savedmapping_{page}", args=[saved.pk])


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_upload_sees_changes_and_deletes_them(saved, who):
    browser = client_as(who, saved.account)
    change = {"name": "M", "target-0": "ean", "target-1": "price"}

    listed = browser.get(reverse(LIST))
    seen = browser.get(url("change", saved))
    changed = browser.post(url("change", saved), change)
    saved.refresh_from_db()
    name = saved.name
    deleted = browser.post(url("delete", saved))

    if who in MAY:
        assert "Müller GmbH" in listed.content.decode()
        assert (seen.status_code, changed.status_code, deleted.status_code) == (200, 302, 302)
        assert (name, SavedMapping.objects.count()) == ("M", 0)
    else:
        assert {listed.status_code, seen.status_code, changed.status_code} <= {302, 403}
        assert (name, SavedMapping.objects.count()) == ("Müller GmbH", 1)


def test_another_accounts_mapping_is_not_there(saved):
    browser = client_as(Role.MANAGER, AccountFactory())

    assert "Müller" not in browser.get(reverse(LIST)).content.decode()
    for page in ("change", "delete"):
        answer = browser.post(url(page, saved), {"name": "Mine", "target-0": "sku"})
        assert answer.headers["Location"] == reverse("admin:index")
    assert SavedMapping.objects.get().name == "Müller GmbH"


def test_a_change_is_checked_like_any_mapping(saved):
    browser = client_as(Role.MERCHANDISER, saved.account)
    SavedMappingFactory(account=saved.account, name="Taken")

    both = browser.post(url("change", saved), {"name": "M", "target-0": "sku", "target-1": "sku"})
    taken = browser.post(url("change", saved), {"name": "taken", "target-0": "sku"})

    assert (both.status_code, taken.status_code) == (422, 422)
    assert "to one field: sku" in both.content.decode()
    assert "already" in taken.content.decode()
    saved.refresh_from_db()
    assert (saved.name, saved.mapping) == ("Müller GmbH", {"Artikel": "sku", "Preis": "price"})


def test_a_column_that_is_taken_as_it_is_leaves_the_mapping(saved):
    saved.header = ["Artikel", "Preis", "Tags"]
    saved.save()
    browser = client_as(Role.MERCHANDISER, saved.account)

    browser.post(
        url("change", saved), {"name": "M", "target-0": "sku", "target-1": "", "target-2": "="}
    )

    saved.refresh_from_db()
    assert saved.mapping == {"Artikel": "sku", "Preis": ""}


def test_deleting_says_what_stays(saved):
    BulkUploadFactory.create_batch(2, account=saved.account, saved_mapping=saved, failed=True)
    browser = client_as(Role.MERCHANDISER, saved.account)

    page = " ".join(browser.get(url("delete", saved)).content.decode().split())

    assert "The 2 uploads given with it stay, each with its own copy" in page


def test_a_mapping_in_use_is_kept_and_says_why(saved):
    BulkUploadFactory(account=saved.account, saved_mapping=saved)
    browser = client_as(Role.MANAGER, saved.account)

    answer = browser.post(url("delete", saved))

    assert answer.status_code == 409
    assert "has not ended" in answer.content.decode()
    assert SavedMapping.objects.count() == 1


def test_an_empty_list_says_how_to_get_one():
    browser = client_as(Role.MERCHANDISER, AccountFactory())

    assert "No mapping is saved yet" in browser.get(reverse(LIST)).content.decode()


def test_the_list_costs_the_same_whatever_its_length(saved, django_assert_max_num_queries):
    browser = client_as(Role.MERCHANDISER, saved.account)
    browser.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        browser.get(reverse(LIST))
    SavedMappingFactory.create_batch(20, account=saved.account)
    with django_assert_max_num_queries(12):
        browser.get(reverse(LIST))
