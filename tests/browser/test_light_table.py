"""The light table in the browser: SKUs cleared with the keyboard alone."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from accounts.roles import Role
from imagery.models import GeneratedImage, RejectReason, ReviewDecision, ReviewTicket
from imagery.review import tickets
from imagery.review.deciding import Seen, approve, reject
from imagery.review.tickets import Subject
from imagery.review.trail import Reviewer
from jobs import clock
from tests.browser.test_upload import sign_in
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SKUS = 12
#: Every fourth is rejected.
REJECTED = 4
#: Decisions take their time, and reach nobody while `isOffline`.
SLOW_AND_OFFLINE = """
const reach = window.fetch;
window.fetch = async (address, ...rest) => {
  if (String(address).includes("/decide/")) await new Promise((done) => setTimeout(done, 250));
  if (window.isOffline) throw new TypeError("Failed to fetch");
  return reach(address, ...rest);
};
"""

#: How long answers are waited for, in milliseconds.
PATIENCE = """
patience => {
  window.limit ??= AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = () => window.limit(patience);
}
"""


@pytest.fixture
def account():
    account = AccountFactory.create(slug="shop")
    MembershipFactory.create(
        account=account, user=UserFactory.create(username="asha"), role=Role.REVIEWER
    )
    subjects = [Subject(f"MUG-{number:02}") for number in range(SKUS)]
    for place, subject in enumerate(subjects):
        _stored(GeneratedImageFactory.create(account=account, sku=subject.sku), place)
    tickets.refresh(account_id=account.pk, subjects=subjects)
    return account


def test_a_queue_is_cleared_with_the_keyboard_alone(page: Page, account):
    _open(page)
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


def test_keys_faster_than_the_server_decide_each_image_once(page: Page, account):
    _open(page)
    end = page.get_by_role("heading", name="All done")

    def is_done_after_one_more() -> bool:
        page.keyboard.press("a")
        return end.is_visible()

    wait_until(is_done_after_one_more, seconds=30, every=0)
    decided = ReviewDecision.objects.filter(kind="approve").values_list("image__sku", flat=True)
    assert sorted(decided) == [f"MUG-{number:02}" for number in range(SKUS)]


def test_a_decision_that_comes_too_late_is_told_and_its_sku_is_gone(page: Page, account):
    _open(page)
    other = Reviewer(user=UserFactory.create(username="ravi"))
    image = GeneratedImage.objects.get(sku="MUG-00")
    reject(
        account_id=account.pk, seen=Seen.of(image), reviewer=other, reason=RejectReason.WRONG_SHAPE
    )

    page.keyboard.press("a")

    expect(page.locator("[data-said]")).to_have_text(
        "MUG-00: ravi was quicker: it is rejected by now."
    )
    expect(_sku(page)).to_have_text("MUG-01")
    left = page.locator("[data-progress-text]")
    expect(left).to_have_text(f"0 done, {SKUS - 1} to go")
    assert GeneratedImage.objects.get(sku="MUG-00").decision == "rejected"


def test_four_candidates_are_rejected_one_after_another_however_slow_the_server(
    page: Page, account
):
    for place in range(3):
        _stored(GeneratedImageFactory.create(account=account, sku="MUG-00"), SKUS + place)
    tickets.refresh(account_id=account.pk, subjects=[Subject("MUG-00")])
    page.add_init_script(SLOW_AND_OFFLINE)
    _open(page)
    for _ in range(4):
        page.keyboard.press("r")
        page.keyboard.press("2")
    expect(_sku(page)).to_have_text("MUG-01")
    page.keyboard.press("k")
    expect(_sku(page)).to_have_text("MUG-00")
    expect(page.locator("[data-progress-text]")).to_contain_text("1 done")
    _decided(page, 4)
    states = GeneratedImage.objects.filter(sku="MUG-00").values_list("decision", flat=True)
    assert list(states) == ["rejected"] * 4


def test_what_could_not_be_sent_comes_again_as_it_was(page: Page, account):
    other_role = GeneratedImageFactory.create(account=account, sku="MUG-00", role="lifestyle")
    _stored(other_role, SKUS)
    tickets.refresh(account_id=account.pk, subjects=[Subject("MUG-00")])
    page.add_init_script(SLOW_AND_OFFLINE)
    _open(page)
    page.evaluate("window.isOffline = true")
    page.keyboard.press("a")
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-01")
    words = page.locator('.subject[data-name="MUG-00"] [data-state-word]')
    expect(words).to_have_text(["To review", "To review"])
    expect(page.locator("[data-said]")).to_contain_text("The server could not be reached.")
    page.keyboard.press("u")

    page.evaluate("window.isOffline = false")
    page.keyboard.press("j")
    expect(_sku(page)).to_have_text("MUG-00")
    expect(words).to_have_text(["To review", "To review"])
    page.keyboard.press("a")
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-02")
    _decided(page, 2)


def test_a_refusal_leaves_what_the_reviewer_is_at_alone(page: Page, account):
    page.add_init_script(SLOW_AND_OFFLINE)
    _open(page)
    page.evaluate("window.isOffline = true")
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-01")
    page.keyboard.press("r")
    page.get_by_label("Note").fill("The handle")
    expect(page.locator("[data-said]")).to_contain_text("could not be reached")
    expect(_sku(page)).to_have_text("MUG-01")
    expect(page.get_by_label("Note")).to_have_value("The handle")
    assert ReviewDecision.objects.count() == 0


def test_a_key_held_down_decides_one_image(page: Page, account):
    _open(page)
    for _ in range(5):
        page.keyboard.down("a")
    page.keyboard.up("a")
    _decided(page, 1)
    expect(_sku(page)).to_have_text("MUG-01")


def test_a_refusal_changes_nothing_of_what_is_looked_at(page: Page, account):
    other_role = GeneratedImageFactory.create(account=account, sku="MUG-00", role="lifestyle")
    _stored(other_role, SKUS)
    tickets.refresh(account_id=account.pk, subjects=[Subject("MUG-00")])
    page.add_init_script(SLOW_AND_OFFLINE)
    _open(page)
    page.evaluate("window.isOffline = true")
    page.keyboard.press("a")
    page.keyboard.press("r")
    caption = page.locator(".subject:not([hidden]) [data-caption]")
    expect(caption).to_have_text("Lifestyle")
    words = page.locator('.subject[data-name="MUG-00"] [data-state-word]')
    expect(words).to_have_text(["To review", "To review"])
    expect(caption).to_have_text("Lifestyle")
    expect(page.locator("[data-reasons]")).to_be_visible()


def test_what_lies_over_the_candidate_stays_with_the_next_sku(page: Page, account):
    _open(page)
    page.keyboard.press("o")
    for number in range(1, 6):
        page.keyboard.press("j")
        expect(_sku(page)).to_have_text(f"MUG-{number:02}")
    overlay = page.locator("[data-do=overlay]")
    expect(overlay).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".subject:not([hidden]) [data-mix]")).to_be_visible()


def test_going_back_and_on_decides_nothing(page: Page, account):
    _open(page)
    for key, sku in (("j", "MUG-01"), ("j", "MUG-02"), ("k", "MUG-01"), ("j", "MUG-02")):
        page.keyboard.press(key)
        expect(_sku(page)).to_have_text(sku)
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    assert ReviewDecision.objects.count() == 0


def test_a_button_held_down_with_enter_decides_one_image(page: Page, account):
    _open(page)
    page.locator("[data-do=approve]").focus()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    _decided(page, 1)
    expect(_sku(page)).to_have_text("MUG-01")


def test_what_came_while_a_sku_was_decided_is_shown_too(page: Page, account):
    _open(page)
    late = GeneratedImageFactory.create(account=account, sku="MUG-00", role="lifestyle")
    _stored(late, SKUS)
    tickets.refresh(account_id=account.pk, subjects=[Subject("MUG-00")])
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-01")
    _decided(page, 1)
    left = page.locator("[data-progress-text]")
    expect(left).to_have_text(f"0 done, {SKUS} to go")
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-00")
    expect(page.locator(".subject:not([hidden]) [data-caption]")).to_have_text("Lifestyle")


def test_no_key_hits_another_image_than_the_one_that_is_gone(page: Page, account):
    hero = GeneratedImage.objects.get(sku="MUG-00")
    for place, role in enumerate(("hero", "lifestyle")):
        _stored(
            GeneratedImageFactory.create(account=account, sku="MUG-00", role=role), SKUS + place
        )
    tickets.refresh(account_id=account.pk, subjects=[Subject("MUG-00")])
    _open(page)
    other = Reviewer(user=UserFactory.create(username="ravi"))
    approve(account_id=account.pk, seen=Seen.of(hero), reviewer=other)
    page.keyboard.press("r")
    page.keyboard.press("3")
    page.keyboard.press("r")
    said = page.locator("[data-said]")
    expect(said).to_contain_text("not to be decided any more")
    expect(page.locator("[data-reasons]")).to_be_hidden()
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-00")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".subject:not([hidden]) [data-caption]")).to_have_text("Lifestyle")
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-01")
    _decided(page, 3)
    decided = ReviewDecision.objects.filter(user__username="asha")
    assert [entry.image.role for entry in decided] == ["lifestyle"]


def test_nothing_is_decided_while_something_is_taken_back(page: Page, account):
    page.add_init_script(SLOW_AND_OFFLINE.replace("/decide/", "/undo/"))
    _open(page)
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-01")
    page.keyboard.press("u")
    said = page.locator("[data-said]")
    expect(said).to_have_text("MUG-00: being taken back …")
    page.keyboard.press("a")
    expect(said).to_have_text("Something is being taken back: decide when it is there.")
    expect(_sku(page)).to_have_text("MUG-00")
    expect(said).to_have_text("MUG-00: taken back.")
    states = set(GeneratedImage.objects.values_list("decision", flat=True))
    assert states == {"pending"}
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-01")


def test_what_could_not_be_taken_back_is_the_next_to_be(page: Page, account):
    page.add_init_script(SLOW_AND_OFFLINE)
    _open(page)
    for number in (1, 2):
        page.keyboard.press("a")
        expect(_sku(page)).to_have_text(f"MUG-{number:02}")
    _decided(page, 2)
    page.evaluate("window.isOffline = true")
    page.keyboard.press("u")
    said = page.locator("[data-said]")
    expect(said).to_have_text("MUG-01: The server could not be reached.")
    page.evaluate("window.isOffline = false")
    page.keyboard.press("u")
    expect(said).to_have_text("MUG-01: taken back.")
    expect(_sku(page)).to_have_text("MUG-01")
    page.keyboard.press("u")
    expect(_sku(page)).to_have_text("MUG-00")
    assert set(GeneratedImage.objects.values_list("decision", flat=True)) == {"pending"}


def test_a_call_that_is_never_answered_is_given_up(page: Page, account):
    _open(page)
    page.route("**/light-table/decide/", lambda route: None)
    page.evaluate(PATIENCE, 300)
    page.keyboard.press("a")
    expect(page.locator("[data-said]")).to_have_text("MUG-00: The server could not be reached.")
    page.evaluate(PATIENCE, 30_000)
    page.unroute("**/light-table/decide/")
    page.keyboard.press("j")
    expect(_sku(page)).to_have_text("MUG-00")
    page.keyboard.press("a")
    _decided(page, 1)


def test_skus_that_fell_into_other_hands_are_not_decided(page: Page, account):
    page.clock.install()
    _open(page)
    expect(page.locator('.subject[data-name="MUG-01"]')).to_be_attached()
    other = UserFactory.create(username="ravi")
    held = ReviewTicket.objects.filter(sku__in=["MUG-00", "MUG-01"])
    held.update(held_by=other, held_until=clock.now() + timedelta(hours=1))
    page.clock.fast_forward(61_000)
    said = page.locator("[data-said]")
    expect(said).to_have_text("MUG-00 is in other hands by now.")
    page.keyboard.press("a")
    expect(said).to_have_text("It is not yours to decide any more: go on with J.")
    page.keyboard.press("j")
    expect(_sku(page)).to_have_text("MUG-02")
    expect(page.locator("[data-progress-text]")).to_have_text(f"0 done, {SKUS - 2} to go")
    assert ReviewDecision.objects.count() == 0
    assert held.filter(held_by=other).count() == 2


def test_progress_goes_on_where_the_page_is_loaded_anew(page: Page, account):
    _open(page)
    page.keyboard.press("a")
    expect(_sku(page)).to_have_text("MUG-01")
    _decided(page, 1)
    page.reload()
    expect(_sku(page)).to_have_text("MUG-01")
    expect(page.locator("[data-progress-text]")).to_have_text(f"0 done, {SKUS - 1} to go")


def _open(page: Page) -> None:
    sign_in(page)
    page.goto(reverse("admin:imagery_light_table"))
    expect(_sku(page)).to_have_text("MUG-00")


def _decided(page: Page, count: int) -> None:
    """Until so much has been written; the browser is let go on meanwhile."""

    def is_written() -> bool:
        page.wait_for_timeout(20)
        return ReviewDecision.objects.count() == count

    wait_until(is_written, every=0)


def _stored(image: GeneratedImage, place: int) -> None:
    content = ContentFile(_drawn(place))
    default_storage.save(image.storage_path, content)
    default_storage.save(image.thumbnail_path, content)


def _sku(page: Page):
    return page.locator(".subject:not([hidden]) .look-mono").first


def _drawn(place: int) -> bytes:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((80, 60, 320, 340), fill=(20 * place, 120, 200))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
