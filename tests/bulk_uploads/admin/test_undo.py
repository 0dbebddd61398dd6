"""Undoing from an upload's page: told beforehand, asked for by POST, followed to its end."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.roles import Role
from bulk_uploads.models import UndoKept, UploadUndo
from catalog.models import Variant
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.imports import import_rows
from tests.signing_in import STRANGER, client_as
from tests.undos import run_undo, undo

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]


@pytest.fixture
def account():
    return AccountFactory.create()


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


@pytest.fixture
def upload(account):
    return import_rows(account, HEADER, [["A", "Fan", "1"], ["B", "Fan", "2"]])


def url(name, upload):
    return reverse(f"admin:bulk_uploads_bulkupload_{name}", args=[upload.pk])


def text(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def test_the_page_says_what_would_happen_before_it_is_asked_for(browser, upload):
    assert "Undo this upload" in text(browser.get(url("change", upload)))

    shown = text(browser.get(url("undo", upload)))

    assert "Remove 2 variants and 1 product that this upload created." in shown
    assert "An upload is undone once: where a later upload stands in the way" in shown
    assert not UploadUndo.objects.exists()


def test_where_every_row_failed_no_undo_is_offered(browser, account):
    failed = import_rows(account, HEADER, [["A", "Fan", "cheap"]])
    assert failed.output["code"] == "all_rows_failed"

    assert "Undo this upload" not in text(browser.get(url("change", failed)))


def test_a_post_starts_it_and_the_page_follows_it(browser, upload):
    response = browser.post(url("undo", upload))

    assert (response.status_code, response.url) == (302, f"{url('change', upload)}#undo")
    live = browser.get(url("undo_state", upload)).content.decode()
    assert 'hx-trigger="every 1500ms"' in live
    assert Variant.objects.count() == 2

    asked = UploadUndo.objects.get()
    assert str(asked.requested_by_id) == browser.session["_auth_user_id"]
    run_undo(asked)

    page = browser.get(url("change", upload))
    assert "Taken back: 3 removed." in text(page)
    assert "Undo this upload" not in text(page)
    assert "every 1500ms" not in browser.get(url("undo_state", upload)).content.decode()
    assert not Variant.objects.exists()


def test_lists_say_which_uploads_are_undone(browser, upload, account):
    listed = reverse("admin:bulk_uploads_bulkupload_changelist")
    import_rows(account, HEADER, [["C", "Lamp", "3"]])
    assert "Undone" not in text(browser.get(listed))

    undo(upload)

    assert text(browser.get(listed)).count("Undone") == 1
    assert text(browser.get(reverse("admin:index"))).count("Undone") == 1


def test_what_was_kept_is_listed_in_pages_with_the_reason(browser, upload, account):
    import_rows(account, HEADER, [["A", "Fan", "7"]])
    done = undo(upload)
    kept = done.kept_rows.get(key="A")
    UndoKept.objects.bulk_create(
        UndoKept(undo=done, key=f"more {n}", reason_code="x", message="Why") for n in range(30)
    )

    first = text(browser.get(url("change", upload)))

    assert f"2 A Price {kept.message}" in first
    assert ("more 0" in first, "more 29" in first) == (True, False)
    after = UndoKept.objects.get(key="more 20").pk
    second = text(browser.get(f"{url('undo_state', upload)}?kept_from={after}"))
    assert ("more 29" in second, "more 0 " in second) == (True, False)


@pytest.mark.parametrize("role", [Role.MERCHANDISER, Role.MANAGER])
def test_who_uploads_may_undo(account, upload, role):
    assert client_as(role, account).post(url("undo", upload)).status_code == 302
    assert UploadUndo.objects.count() == 1


@pytest.mark.parametrize("who", ["reviewer", "another account", "no membership"])
def test_others_can_neither_see_nor_start_it(account, upload, who):
    stranger = {
        "reviewer": lambda: client_as(Role.REVIEWER, account),
        "another account": lambda: client_as(Role.MANAGER, AccountFactory.create()),
        "no membership": lambda: client_as(STRANGER, account),
    }[who]()
    for page in ("undo", "undo_state"):
        assert stranger.get(url(page, upload)).status_code in (302, 403, 404)
    assert stranger.post(url("undo", upload)).status_code in (302, 403, 404)
    assert not UploadUndo.objects.exists()


def test_an_undo_without_the_pages_token_is_refused(account, upload):
    careful = client_as(Role.MERCHANDISER, account)
    careful.handler.enforce_csrf_checks = True

    assert careful.post(url("undo", upload)).status_code == 403
    assert not UploadUndo.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"applying": True}, {"succeeded": True, "options": {"dry_run": True}}]
)
def test_what_cannot_be_undone_says_why_and_offers_nothing(browser, account, fields):
    upload = BulkUploadFactory.create(account=account, **fields)

    assert "Undo this upload" not in text(browser.get(url("change", upload)))
    response = browser.post(url("undo", upload), follow=True)
    assert re.search("has not ended yet|writes nothing", text(response))
    assert not UploadUndo.objects.exists()
