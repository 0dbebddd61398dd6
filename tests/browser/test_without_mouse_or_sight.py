"""Pages by the keyboard alone, and as a screen reader has them."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from tests.browser.test_upload import sign_in
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.catalog import ProductFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account():
    account = AccountFactory.create()
    MembershipFactory.create(
        account=account, user=UserFactory.create(username="asha"), role=Role.MANAGER
    )
    return account


def test_a_keyboard_skips_the_sidebar(page: Page, account):
    sign_in(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('content').contains(document.activeElement)")


def test_boxes_to_search_in_are_named_by_their_labels(page: Page, account):
    sign_in(page)
    page.goto(reverse("admin:catalog_stocklevel_add"))
    for name in ("Variant", "Location"):
        expect(page.get_by_role("combobox", name=name)).to_be_visible()


def test_a_picture_that_is_not_there_is_told_of_and_shown_as_a_sign(page: Page, account):
    ProductFactory.create(account=account, name="Yorker")
    sign_in(page)
    page.goto(reverse("admin:catalog_product_changelist"))

    link = page.get_by_role("link", name="Picture of Yorker: none yet")
    expect(link).to_be_visible()
    box = link.get_by_text("none yet").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1, 1)
