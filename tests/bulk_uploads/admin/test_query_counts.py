"""Pages of uploads cost a fixed number of queries, whatever there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.bulk_uploads import BulkUploadFactory, RowIssueFactory, RowResultFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


def queries(browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_for_one_upload_and_for_twenty():
    account = AccountFactory()
    browser = client_as(Role.MERCHANDISER, account)
    url = reverse("admin:bulk_uploads_bulkupload_changelist")
    BulkUploadFactory(account=account, succeeded=True, created_by=UserFactory())
    few = queries(browser, url)

    for _ in range(19):
        BulkUploadFactory(account=account, succeeded=True, created_by=UserFactory())

    assert queries(browser, url) == few


@pytest.mark.parametrize("page", ["change", "issues", "rows"])
def test_an_upload_costs_the_same_with_few_and_many_rows(page):
    upload = BulkUploadFactory(succeeded=True)
    browser = client_as(Role.MERCHANDISER, upload.account)
    url = reverse(f"admin:bulk_uploads_bulkupload_{page}", args=[upload.pk])
    RowIssueFactory(upload=upload)
    RowResultFactory(upload=upload)
    few = queries(browser, url)

    for _ in range(40):
        RowIssueFactory(upload=upload)
        RowResultFactory(upload=upload)

    assert queries(browser, url) == few
