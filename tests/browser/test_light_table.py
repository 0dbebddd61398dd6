"""The light table in the browser: SKUs cleared with the keyboard alone."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from accounts.roles import Role
from imagery.models import GeneratedImage, ReviewDecision
from imagery.review import tickets
from imagery.review.tickets import Subject
from tests.browser.test_upload import sign_in
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.imagery import GeneratedImageFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SKUS = 12
#: Every fourth is rejected.
REJECTED = 4


@pytest.fixture
def account():
    account = AccountFactory.create(slug="shop")
    MembershipFactory.create(
        account=account, user=UserFactory.create(username="asha"), role=Role.REVIEWER
    )
    subjects = [Subject(f"MUG-{number:02}") for number in range(SKUS)]
    for place, subject in enumerate(subjects):
        image = GeneratedImageFactory.create(account=account, sku=subject.sku)
        content = ContentFile(_drawn(place))
        default_storage.save(image.storage_path, content)
        default_storage.save(image.thumbnail_path, content)
    tickets.refresh(account_id=account.pk, subjects=subjects)
    return account


def test_a_queue_is_cleared_with_the_keyboard_alone(page: Page, account):
    sign_in(page)
    page.goto(reverse("admin:imagery_light_table"))
    expect(_sku(page)).to_have_text("MUG-00")
    for number in range(SKUS):
        if number % REJECTED == 0:
            page.keyboard.press("r")
            page.keyboard.press("3")
        else:
            page.keyboard.press("a")
        if number + 1 < SKUS:
            expect(_sku(page)).to_have_text(f"MUG-{number + 1:02}")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    expect(page.locator("[data-progress-text]")).to_have_text(f"{SKUS} done, 0 to go")
    states = GeneratedImage.objects.order_by("sku").values_list("decision", flat=True)
    assert list(states) == ["rejected", "approved", "approved", "approved"] * (SKUS // REJECTED)
    reasons = set(ReviewDecision.objects.filter(kind="reject").values_list("reason", flat=True))
    assert reasons == {"wrong_colour"}
    page.keyboard.press("u")
    expect(_sku(page)).to_have_text(f"MUG-{SKUS - 1:02}")
    assert GeneratedImage.objects.get(sku=f"MUG-{SKUS - 1:02}").decision == "pending"


def test_going_back_and_on_decides_nothing(page: Page, account):
    sign_in(page)
    page.goto(reverse("admin:imagery_light_table"))
    expect(_sku(page)).to_have_text("MUG-00")
    for key, sku in (("j", "MUG-01"), ("j", "MUG-02"), ("k", "MUG-01"), ("j", "MUG-02")):
        page.keyboard.press(key)
        expect(_sku(page)).to_have_text(sku)
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    assert ReviewDecision.objects.count() == 0


def _sku(page: Page):
    return page.locator(".subject:not([hidden]) .look-mono").first


def _drawn(place: int) -> bytes:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((80, 60, 320, 340), fill=(20 * place, 120, 200))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
