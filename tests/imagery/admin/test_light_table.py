"""The light table's calls: what each role may, what is refused, and what a refusal leaves."""

import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from imagery.models import Decision, GeneratedImage, ReviewDecision, ReviewTicket
from imagery.review import tickets
from imagery.review.tickets import Subject
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.checks.checked import check, stored_image
from tests.imagery.checks.pictures import boxed, encoded
from tests.signing_in import STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

NOTES = [{"reason": "cropped", "note": note} for note in ("x" * 501, "\x00", "\ud800")]


@pytest.fixture
def account():
    account = AccountFactory(slug="shop")
    for sku in ("A-1", "B/2"):
        GeneratedImageFactory(account=account, sku=sku)
    tickets.refresh(account_id=account.pk, subjects=[Subject("A-1"), Subject("B/2")])
    return account


def call(client, name, **body):
    if name == "next":
        body.setdefault("at_most", 1)
    address = reverse(f"admin:imagery_light_table_{name}")
    return client.post(address, json.dumps(body), content_type="application/json")


def about(image, **more):
    return {"image": image.pk, "sha256": image.sha256, "seen": image.decision, **more}


@pytest.mark.parametrize(
    ("role", "table", "decide"),
    [
        (Role.MERCHANDISER, 403, 404),
        (Role.REVIEWER, 200, 200),
        (Role.MANAGER, 200, 200),
        (SUPERUSER, 200, 200),
        (STRANGER, 403, 404),
    ],
)
def test_reviewers_and_managers_review(account, role, table, decide):
    client = client_as(role, account)
    assert client.get(reverse("admin:imagery_light_table")).status_code == table
    image = GeneratedImage.objects.get(sku="A-1")
    answer = call(client, "decide", account="shop", **about(image, decide="approve"))
    assert answer.status_code == decide
    image.refresh_from_db()
    assert image.decision == (Decision.APPROVED if decide == 200 else Decision.PENDING)


def test_a_reviewer_of_another_account_finds_nothing_to_decide(account):
    other = AccountFactory(slug="other")
    client = client_as(Role.REVIEWER, other)
    image = GeneratedImage.objects.get(sku="A-1")
    ticket = ReviewTicket.objects.get(sku="A-1")
    for slug in ("shop", "other"):
        decided = call(client, "decide", account=slug, **about(image, decide="approve"))
        assert decided.status_code == 404
        assert call(client, "next", account=slug, ticket=ticket.pk).status_code == 404
    page = reverse("admin:imagery_reviewticket_change", args=[ticket.pk])
    assert client.get(page).status_code == 404
    assert ReviewDecision.objects.count() == 0
    assert ReviewTicket.objects.filter(held_by=None).count() == 2


def test_skus_come_one_after_another_and_then_no_more(account):
    client = client_as(Role.REVIEWER, account)
    first = call(client, "next", account="shop")
    assert (first.status_code, first.headers["X-Left"]) == (200, "1")
    assert "A-1" in first.content.decode()
    had = list(ReviewTicket.objects.filter(held_by=client.user).values_list("pk", flat=True))
    second = call(client, "next", account="shop", besides=had)
    assert "B/2" in second.content.decode()
    had = list(ReviewTicket.objects.values_list("pk", flat=True))
    none_left = call(client, "next", account="shop", besides=had)
    assert (none_left.status_code, none_left.headers["X-Left"]) == (204, "0")
    assert call(client_as(Role.REVIEWER, account), "next", account="shop").status_code == 204


def test_what_is_no_longer_shown_is_given_back(account):
    client = client_as(Role.REVIEWER, account)
    call(client, "next", account="shop")
    kept = call(client, "hold", account="shop", tickets=[ReviewTicket.objects.get(sku="A-1").pk])
    assert kept.json() == {"held": [ReviewTicket.objects.get(sku="A-1").pk]}
    call(client, "hold", account="shop", tickets=[])
    assert ReviewTicket.objects.filter(held_by=None).count() == 2


def test_a_sku_that_is_asked_for_comes_itself_or_with_the_reason_why_not(account):
    quick, slow = client_as(Role.REVIEWER, account), client_as(Role.REVIEWER, account)
    ticket = ReviewTicket.objects.get(sku="B/2")
    assert "B/2" in call(quick, "next", account="shop", ticket=ticket.pk).content.decode()
    late = call(slow, "next", account="shop", ticket=ticket.pk)
    assert (late.status_code, late.json()["code"]) == (409, "in_other_hands")
    assert late.json()["message"] == f"B/2 is with {quick.user}."
    image = GeneratedImage.objects.get(sku="B/2")
    decided = call(quick, "decide", account="shop", **about(image, decide="approve"))
    assert decided.status_code == 200
    assert call(quick, "next", account="shop", ticket=ticket.pk).status_code == 404


def test_who_has_it_in_hand_is_named_before_whom_it_is_assigned_to(account):
    holder, assignee = client_as(Role.REVIEWER, account), client_as(Role.REVIEWER, account)
    ticket = ReviewTicket.objects.get(sku="B/2")
    call(holder, "next", account="shop", ticket=ticket.pk)
    ReviewTicket.objects.filter(pk=ticket.pk).update(assigned_to=assignee.user)
    late = call(assignee, "next", account="shop", ticket=ticket.pk)
    assert late.json()["message"] == f"B/2 is with {holder.user}."


def test_what_was_decided_before_is_told_beside_an_image(account):
    client = client_as(Role.REVIEWER, account)
    image = GeneratedImage.objects.get(sku="A-1")
    given = call(
        client,
        "decide",
        account="shop",
        **about(image, decide="reject", reason="cropped", note="The <handle> is cut off."),
    )
    call(client, "undo", account="shop", decision=given.json()["decision"])
    page = call(client, "next", account="shop").content.decode()
    assert f"Decision taken back by {client.user}" in page
    assert "Product is cropped or too small: The &lt;handle&gt; is cut off." in page


def test_what_checks_find_is_said_once_with_the_channels_it_concerns(account):
    image = stored_image(account, encoded(boxed(0.5, side=600)), sku="C")
    check(image)
    tickets.refresh(account_id=account.pk, subjects=[Subject("C")])
    ticket = ReviewTicket.objects.get(sku="C")
    page = call(client_as(Role.REVIEWER, account), "next", account="shop", ticket=ticket.pk)
    lines = re.findall(r'look-wrap">([^<]*: [^<]*)</span>', html.unescape(page.content.decode()))
    unknown = "Fidelity: There is no reference photo to compare it with."
    assert [line for line in lines if unknown in line] == [f"All channels: {unknown}"]
    assert "Amazon: Size for zoom: 600 px (At least 1000 px)" in lines


def test_several_skus_come_at_once_with_as_many_queries_as_one(
    account, django_assert_max_num_queries
):
    others = [Subject(f"C-{number}") for number in range(4)] + [Subject("", "set-of-mugs")]
    for one in others:
        GeneratedImageFactory(
            account=account,
            sku=one.sku,
            product_key=one.product_key,
            role="swatch_grid" if one.product_key else "hero",
        )
    tickets.refresh(account_id=account.pk, subjects=others)
    client = client_as(Role.REVIEWER, account)
    with CaptureQueriesContext(connection) as for_one:
        call(client, "next", account="shop")
    # One more each, to hold it; and one for a product's variants.
    most = len(for_one) + 5 + 1
    call(client, "hold", account="shop", tickets=[])
    with django_assert_max_num_queries(most):
        answer = call(client, "next", account="shop", at_most=99)
    names = re.findall(r'data-name="([^"]*)"', answer.content.decode())
    assert names == ["A-1", "B/2", "C-0", "C-1", "C-2", "C-3"]
    assert answer.headers["X-Left"] == "1"


def test_a_rejection_needs_one_of_the_reasons(account):
    client = client_as(Role.REVIEWER, account)
    image = GeneratedImage.objects.get(sku="A-1")
    for wrong in ({}, {"reason": "ugly"}, {"reason": 3}, *NOTES):
        answer = call(client, "decide", account="shop", **about(image, decide="reject", **wrong))
        assert answer.status_code == 400
    assert ReviewDecision.objects.count() == 0
    given = call(
        client,
        "decide",
        account="shop",
        **about(image, decide="reject", reason="cropped", note="The handle is cut off."),
    )
    decision = ReviewDecision.objects.get()
    assert given.json() == {
        "decision": decision.pk,
        "states": {str(image.pk): "rejected"},
        "lapsed": [],
        "waiting": 0,
    }
    assert (decision.reason, decision.note) == ("cropped", "The handle is cut off.")
    undone = call(client, "undo", account="shop", decision=decision.pk)
    assert undone.json()["states"] == {str(image.pk): "pending"}


def test_the_slower_reviewer_is_told(account):
    image = GeneratedImage.objects.get(sku="A-1")
    quick, slow = client_as(Role.REVIEWER, account), client_as(Role.REVIEWER, account)
    call(quick, "decide", account="shop", **about(image, decide="approve"))
    late = call(slow, "decide", account="shop", **about(image, decide="reject", reason="artefacts"))
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    assert str(quick.user) in late.json()["message"]


@pytest.mark.parametrize("slug", ["elsewhere", "shop\x00"], ids=ascii)
def test_an_account_that_there_is_not_is_not_found(account, slug):
    answer = call(client_as(Role.REVIEWER, account), "next", account=slug)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"{", b"[" * 5_000, b'{"account": 3}', b'{"account": "\\ud800"}'),
        *(b'{"account": "shop", "besides": [0]}', b'{"account": "shop", "at_most": 0}'),
    ],
    ids=lambda body: str(body[:40]),
)
def test_what_the_page_never_sends_is_refused(account, body):
    client = client_as(Role.REVIEWER, account)
    address = reverse("admin:imagery_light_table_next")
    answer = client.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_call")
    assert client.get(address).status_code == 405


def test_a_sku_costs_the_same_queries_whatever_its_candidates(
    account, django_assert_max_num_queries
):
    GeneratedImageFactory.create_batch(8, account=account, sku="A-1", role="lifestyle")
    client = client_as(Role.REVIEWER, account)
    call(client, "next", account="shop")
    with django_assert_max_num_queries(22):
        assert call(client, "next", account="shop").status_code == 200


def test_the_queue_lists_what_waits_with_pictures_and_bulk_decisions(account):
    GeneratedImageFactory(account=account, sku="B/2")
    tickets.refresh(account_id=account.pk, subjects=[Subject("B/2")])
    client = client_as(Role.REVIEWER, account)
    address = reverse("admin:imagery_reviewticket_changelist")
    answer = client.get(address)
    page, shown = answer.content.decode(), shown_in(answer)
    assert page.count("/thumbnail") == 3
    assert "2 images" in page
    ids = list(ReviewTicket.objects.values_list("pk", flat=True))
    chosen = {"_selected_action": ids}
    client.post(address, {"action": "assign_to_me", **chosen})
    assert set(ReviewTicket.objects.values_list("assigned_to", flat=True)) == {client.user.pk}
    client.post(address, {"action": "approve_single_candidates", "shown": shown, **chosen})
    states = GeneratedImage.objects.order_by("sku").values_list("sku", "decision")
    assert list(states) == [("A-1", "approved"), ("B/2", "pending"), ("B/2", "pending")]


def test_what_the_list_has_not_shown_or_another_has_in_hand_is_not_approved_in_bulk(account):
    client, other = client_as(Role.REVIEWER, account), client_as(Role.REVIEWER, account)
    address = reverse("admin:imagery_reviewticket_changelist")
    shown = shown_in(client.get(address))
    replaced = GeneratedImage.objects.get(sku="A-1")
    GeneratedImage.objects.filter(pk=replaced.pk).update(sha256="f" * 64)
    ticket = ReviewTicket.objects.get(sku="B/2")
    call(other, "next", account="shop", ticket=ticket.pk)
    ids = list(ReviewTicket.objects.values_list("pk", flat=True))
    posted = {"action": "approve_single_candidates", "_selected_action": ids}
    for garbage in (shown, ["x", "1", ":", f"{'9' * 40}:a"], []):
        answer = client.post(address, {**posted, "shown": garbage}, follow=True)
        assert "2 were left: in another reviewer" in answer.content.decode()
    assert set(GeneratedImage.objects.values_list("decision", flat=True)) == {"pending"}


def test_skus_are_assigned_to_a_reviewer_of_the_account(account):
    client, chosen = client_as(Role.REVIEWER, account), client_as(Role.MANAGER, account)
    unfit = [client_as(Role.MERCHANDISER, account), client_as(Role.REVIEWER, AccountFactory())]
    address = reverse("admin:imagery_reviewticket_changelist")
    ids = list(ReviewTicket.objects.values_list("pk", flat=True))
    posted = {"action": "assign_to_somebody", "_selected_action": ids}

    asked = client.post(address, posted)
    assert list(asked.context["reviewers"]) == sorted(
        [client.user, chosen.user], key=lambda user: user.username
    )
    for wrong in (*(one.user.pk for one in unfit), "x", "9" * 40):
        assert client.post(address, {**posted, "reviewer": wrong}).status_code == 200
    assert set(ReviewTicket.objects.values_list("assigned_to", flat=True)) == {None}
    client.post(address, {**posted, "reviewer": chosen.user.pk})
    assert set(ReviewTicket.objects.values_list("assigned_to", flat=True)) == {chosen.user.pk}
    client.post(address, {**posted, "reviewer": "nobody"})
    assert set(ReviewTicket.objects.values_list("assigned_to", flat=True)) == {None}


def shown_in(page) -> list[str]:
    """The images that a list of the queue names as shown."""
    return re.findall(r'name="shown" value="([^"]+)"', page.content.decode())


def test_the_queue_costs_the_same_queries_however_long(account, django_assert_max_num_queries):
    skus = [f"SKU-{number}" for number in range(20)]
    for sku in skus:
        GeneratedImageFactory(account=account, sku=sku)
    tickets.refresh(account_id=account.pk, subjects=[Subject(sku) for sku in skus])
    client = client_as(Role.REVIEWER, account)
    address = reverse("admin:imagery_reviewticket_changelist")
    client.get(address)
    with django_assert_max_num_queries(14):
        client.get(address)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MERCHANDISER, 403), (Role.REVIEWER, 200), (Role.MANAGER, 200), (STRANGER, 403)],
)
def test_the_audit_trail_is_there_for_who_reviews(account, role, status):
    reviewer = client_as(Role.REVIEWER, account)
    image = GeneratedImage.objects.get(sku="A-1")
    call(
        reviewer,
        "decide",
        account="shop",
        **about(image, decide="reject", reason="cropped", note="No handle."),
    )
    address = reverse("admin:imagery_reviewdecision_changelist")
    answer = client_as(role, account).get(address)
    assert answer.status_code == status
    if status == 200:
        page = answer.content.decode()
        assert "Product is cropped or too small: No handle." in page
        assert str(reviewer.user) in page
    elsewhere = client_as(Role.REVIEWER, AccountFactory()).get(address)
    assert "No handle." not in elsewhere.content.decode()
