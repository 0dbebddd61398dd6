"""No page, part, filter or form of one account shows or touches an upload of another."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import BulkUpload, UploadedFile
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.bulk_uploads import BulkUploadFactory, UploadedFileFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db

PARTS = ("progress", "status", "issues", "rows")
LIST = "admin:bulk_uploads_bulkupload_changelist"


@pytest.fixture
def theirs():
    account = AccountFactory(name="Another shop")
    file = UploadedFileFactory(account=account, name="their-secrets.csv")
    return BulkUploadFactory(account=account, file=file, succeeded=True, options={"dry_run": True})


@pytest.fixture
def mine():
    return BulkUploadFactory()


@pytest.fixture
def browser(mine):
    return client_as(Role.MANAGER, mine.account)


def test_list_names_only_uploads_of_own_accounts(browser, mine, theirs):
    page = browser.get(reverse(LIST)).content.decode()

    assert mine.file.name in page
    assert theirs.file.name not in page
    assert "Another shop" not in page


def test_search_does_not_find_another_accounts_file(browser, theirs):
    answer = browser.get(reverse(LIST), {"q": "secrets"})

    assert list(answer.context["cl"].result_list) == []


def test_page_of_another_accounts_upload_is_as_if_it_were_not_there(browser, theirs):
    answer = browser.get(reverse("admin:bulk_uploads_bulkupload_change", args=[theirs.pk]))

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:index"))


@pytest.mark.parametrize("part", PARTS)
def test_part_of_another_accounts_upload_is_not_found(browser, theirs, part):
    url = reverse(f"admin:bulk_uploads_bulkupload_{part}", args=[theirs.pk])

    assert browser.get(url).status_code == 404


def test_another_accounts_upload_is_neither_cancelled_nor_run(browser, theirs):
    theirs_running = BulkUploadFactory(account=theirs.account, applying=True)

    for action, upload in (("cancel", theirs_running), ("run", theirs)):
        url = reverse(f"admin:bulk_uploads_bulkupload_{action}", args=[upload.pk])
        assert browser.post(url).status_code == 404

    theirs_running.refresh_from_db()
    assert theirs_running.cancel_requested_at is None
    assert not BulkUpload.objects.filter(parent=theirs).exists()


def test_file_of_another_account_is_not_downloaded(browser, theirs, mine):
    page = browser.get(reverse("admin:bulk_uploads_bulkupload_change", args=[mine.pk]))
    own = page.context["download_url"]

    assert b"".join(browser.get(own).streaming_content) == b"SKU,Price\nFAN-1,5830\n"
    assert browser.get(own.replace(mine.file.key, theirs.file.key)).status_code == 404


def test_posted_account_of_somebody_else_is_a_form_error(mine, theirs, private_files):
    other_own = AccountFactory()
    browser = client_as(Role.MERCHANDISER, mine.account, other_own)
    files = sorted(private_files.rglob("*"))

    answer = browser.post(
        reverse("admin:bulk_uploads_bulkupload_add"),
        {
            "account": theirs.account.pk,
            "file": SimpleUploadedFile("fans.csv", b"SKU\nFAN-1\n"),
            "processor_name": "catalog_csv_upload_processor",
        },
    )

    assert answer.status_code == 422
    assert "account" in answer.context["form"].errors
    assert "Another shop" not in answer.content.decode()
    assert UploadedFile.objects.count() == 2
    assert sorted(private_files.rglob("*")) == files


def test_form_does_not_offer_accounts_where_the_person_only_reviews(mine):
    reviewed = AccountFactory(name="Only reviewed")
    second = AccountFactory(name="Also uploaded to")
    browser = client_as(Role.MERCHANDISER, mine.account, second)
    MembershipFactory(account=reviewed, user=browser.user, role=Role.REVIEWER)

    form = browser.get(reverse("admin:bulk_uploads_bulkupload_add")).context["form"]

    assert set(form.fields["account"].queryset) == {mine.account, second}


def test_account_filter_offers_own_accounts_only(mine, theirs):
    second = AccountFactory(name="My second shop")
    page = client_as(Role.MANAGER, mine.account, second).get(reverse(LIST)).content.decode()

    assert "My second shop" in page
    assert "Another shop" not in page


def test_an_upload_that_waits_names_only_its_own_accounts_upload(browser, mine, theirs):
    BulkUploadFactory(account=theirs.account, applying=True)

    page = browser.get(reverse("admin:bulk_uploads_bulkupload_change", args=[mine.pk]))

    assert page.context["progress"].waiting_for is None
