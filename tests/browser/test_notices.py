"""The bell as a person sees it: it counts by itself, leads to the page, and falls silent."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.notices import NoticeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_bell_counts_by_itself_and_leads_to_what_happened(page: Page):
    member = MembershipFactory(
        account=AccountFactory(), user=UserFactory(username="asha"), role=Role.MERCHANDISER
    )
    NoticeFactory(user=member.user, title="Upload 7 of fans.csv succeeded", link="/admin/")
    page.goto(reverse("admin:login"))
    page.get_by_label("Username").fill("asha")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()

    page.get_by_role("link", name="1 unread notice", exact=True).click()
    page.get_by_role("button", name="Open: Upload 7 of fans.csv succeeded").click()

    page.wait_for_url(f"**{reverse('admin:index')}")
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    expect(page.get_by_text("unread")).to_have_count(0)
    page.get_by_role("link", name="Notices", exact=True).click()
    page.get_by_label("No mail").check()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_text("Your choice of mail is kept.")).to_be_visible()
    expect(page.get_by_label("No mail")).to_be_checked()
