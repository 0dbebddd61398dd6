"""Pages on a phone: nothing reaches beyond the edge but what scrolls by itself."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from imagery.review import tickets
from imagery.review.tickets import Subject
from jobs import clock
from tests.browser.test_upload import sign_in
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.bulk_uploads import BulkUploadFactory, RowIssueFactory
from tests.factories.catalog import VariantFactory
from tests.factories.imagery import GeneratedImageFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = [
    "admin:index",
    "admin:imagery_reviewticket_changelist",
    "admin:imagery_light_table",
    "admin:accounts_apitoken_add",
]


@pytest.fixture
def account():
    account = AccountFactory.create()
    MembershipFactory.create(
        account=account, user=UserFactory.create(username="asha"), role=Role.MANAGER
    )
    VariantFactory.create(account=account)
    GeneratedImageFactory.create(account=account, sku="MUG-1")
    tickets.refresh(account_id=account.pk, subjects=[Subject("MUG-1")])
    return account


def test_no_page_is_wider_than_a_phone(page: Page, account):
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page)
    for name in PAGES:
        page.goto(reverse(name))
        page.wait_for_load_state("networkidle")
        assert page.evaluate(BEYOND) == 0, name


def test_what_is_wrong_with_a_row_is_read_in_lines_not_in_words(page: Page, account):
    upload = BulkUploadFactory.create(
        account=account, succeeded=True, ended_at=clock.now(), total_rows=1, failed_rows=1
    )
    RowIssueFactory.create(upload=upload)
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page)
    page.goto(reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]))

    said = page.get_by_role("cell", name="'cheap' is not a number.")
    expect(said).to_be_visible()
    box = said.bounding_box()
    assert box is not None
    assert box["width"] >= 250
    assert page.evaluate(BEYOND) == 0
