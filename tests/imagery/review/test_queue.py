"""Tickets: who is handed which SKU, and that nobody else is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from imagery.models import (
    Decision,
    GeneratedImage,
    QaStatus,
    RejectReason,
    ReviewTicket,
    SkuImagery,
)
from imagery.review import standing, tickets
from imagery.review.deciding import approve, reject
from imagery.review.handing_out import HELD_FOR, assign, hold, keep, take_next
from imagery.review.lapsing import lapse
from imagery.review.tickets import Subject
from imagery.review.trail import Reviewer
from imagery.review.undoing import undo
from jobs import clock
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.imagery import (
    GeneratedImageFactory,
    ImageJobFactory,
    ReferencePhotoFactory,
    SkuImageryFactory,
    WantFactory,
)
from tests.imagery.review.conftest import decision_of, seen
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    """Three SKUs wait, the first for the longest; the first has two images."""
    account = AccountFactory()
    for age, sku in enumerate(["A", "A", "B", "C"]):
        GeneratedImageFactory(
            account=account, sku=sku, created_at=clock.now() - timedelta(hours=9 - age)
        )
    tickets.refresh(account_id=account.pk, subjects=[Subject("A"), Subject("B"), Subject("C")])
    return account


def next_for(account, reviewer, *, besides=()):
    taken = take_next(account_id=account.pk, reviewer=reviewer, besides=besides)
    return taken[0] if taken else None


def test_several_are_taken_at_once_as_far_as_there_are_any(account):
    one, other = UserFactory(), UserFactory()
    taken = take_next(account_id=account.pk, reviewer=one, at_most=2)
    assert [str(ticket) for ticket in taken] == ["A", "B"]
    assert [
        str(ticket) for ticket in take_next(account_id=account.pk, reviewer=other, at_most=2)
    ] == ["C"]
    held = ReviewTicket.objects.filter(held_by=one).values_list("pk", flat=True)
    assert set(held) == {ticket.pk for ticket in taken}


def test_two_people_are_handed_different_skus(account):
    one, other = UserFactory(), UserFactory()
    first = next_for(account, one)
    second = next_for(account, other)
    assert (str(first), first.waiting, str(second)) == ("A", 2, "B")
    assert not hold(ticket=first, reviewer=other)


def test_the_next_one_is_taken_ahead_and_nothing_is_handed_out_twice(account):
    person = UserFactory()
    had: list[ReviewTicket] = []
    while ticket := next_for(account, person, besides=[one.pk for one in had]):
        had.append(ticket)
    assert [str(ticket) for ticket in had] == ["A", "B", "C"]
    assert next_for(account, UserFactory()) is None
    keep(account_id=account.pk, reviewer=person, ticket_ids=[])
    assert str(next_for(account, UserFactory())) == "A"


def test_a_ticket_whose_reviewer_went_away_is_handed_to_another(account, monkeypatch):
    gone, other = UserFactory(), UserFactory()
    assert str(next_for(account, gone)) == "A"
    later = clock.now() + HELD_FOR
    monkeypatch.setattr(clock, "now", lambda: later)
    assert str(next_for(account, other)) == "A"


def test_what_is_kept_is_never_free_in_between(account, monkeypatch):
    mine, other = UserFactory(), UserFactory()
    first = next_for(account, mine)
    second = next_for(account, mine, besides=[first.pk])
    almost = clock.now() + HELD_FOR - timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: almost)
    assert keep(account_id=account.pk, reviewer=mine, ticket_ids=[first.pk]) == [first.pk]
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert str(next_for(account, other)) == str(second) == "B"
    assert keep(account_id=account.pk, reviewer=mine, ticket_ids=[second.pk]) == []


def test_what_another_page_of_the_reviewer_gave_back_is_taken_again(account):
    mine, other = UserFactory(), UserFactory()
    first = next_for(account, mine)
    keep(account_id=account.pk, reviewer=mine, ticket_ids=[])
    assert keep(account_id=account.pk, reviewer=mine, ticket_ids=[first.pk]) == [first.pk]
    assert not hold(ticket=first, reviewer=other)


def test_what_is_in_hand_stays_so_though_it_is_assigned_to_another(account, monkeypatch):
    mine, other = UserFactory(), UserFactory()
    first = next_for(account, mine)
    assign(account_id=account.pk, ticket_ids=[first.pk], to=other)
    almost = clock.now() + HELD_FOR - timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: almost)
    assert keep(account_id=account.pk, reviewer=mine, ticket_ids=[first.pk]) == [first.pk]
    later = almost + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert hold(ticket=first, reviewer=mine)
    assert not hold(ticket=first, reviewer=other)
    keep(account_id=account.pk, reviewer=mine, ticket_ids=[])
    assert not hold(ticket=first, reviewer=mine)
    assert next_for(account, other) == first


def test_what_is_assigned_to_one_is_first_theirs_and_never_anothers(account):
    mine, other = UserFactory(), UserFactory()
    last = ReviewTicket.objects.get(sku="C")
    assert assign(account_id=account.pk, ticket_ids=[last.pk], to=mine) == 1
    assert str(next_for(account, mine)) == "C"
    keep(account_id=account.pk, reviewer=mine, ticket_ids=[])
    had = [next_for(account, other) for _ in range(2)]
    assert [str(ticket) for ticket in had] == ["A", "A"]
    others = next_for(account, other, besides=[ticket.pk for ticket in had])
    assert str(others) == "B"
    besides = [had[0].pk, others.pk]
    assert next_for(account, other, besides=besides) is None
    assert assign(account_id=AccountFactory().pk, ticket_ids=[last.pk], to=other) == 0


def test_a_ticket_closes_with_its_last_decision(account):
    person = Reviewer(user=UserFactory())
    for image in GeneratedImage.objects.filter(sku="A").order_by("pk"):
        reject(
            account_id=account.pk, seen=seen(image), reviewer=person, reason=RejectReason.CROPPED
        )
    assert ReviewTicket.objects.get(sku="A").waiting == 0
    assert str(next_for(account, person.user)) == "B"


@pytest.mark.django_db(transaction=True)
def test_an_image_that_comes_while_another_is_decided_is_not_lost():
    """Of two transactions about one SKU the second counts what the first left behind."""
    hero = GeneratedImageFactory(sku="S")
    SkuImageryFactory(account=hero.account, sku="S", qa_status=QaStatus.PENDING_REVIEW)
    person = Reviewer(user=UserFactory())

    def decide() -> None:
        try:
            approve(account_id=hero.account_id, seen=seen(hero), reviewer=person)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            late = GeneratedImageFactory(account=hero.account, sku="S", role="lifestyle")
            standing.refresh([late])
            deciding = pool.submit(decide)
            wait_until(lambda: deciding.running() and _waits_for_a_lock())
        deciding.result()

    assert ReviewTicket.objects.get(sku="S").waiting == 1
    assert SkuImagery.objects.get(sku="S").qa_status == QaStatus.PENDING_REVIEW


def _waits_for_a_lock() -> bool:
    """Whether the other transaction stands still. On SQLite nothing shows it; it does anyway."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_tickets_cost_the_same_number_of_queries_however_many(account):
    with CaptureQueriesContext(connection) as for_one:
        tickets.refresh(account_id=account.pk, subjects=[Subject("A")])
    with CaptureQueriesContext(connection) as for_many:
        many = [Subject(f"SKU-{number}") for number in range(100)]
        tickets.refresh(account_id=account.pk, subjects=many)
    assert len(for_one) == len(for_many), [query["sql"][:100] for query in for_many]


def test_an_approval_lapses_with_its_source_photo_and_goes_on_being_shown(reviewer, told):
    job = ImageJobFactory(reference=ReferencePhotoFactory(identity="url:old"))
    want = WantFactory(account=job.account, sku=job.sku)
    job.wants.add(want)
    image = GeneratedImageFactory(
        account=job.account, sku=job.sku, want=want, decision=Decision.APPROVED
    )
    made_of_none = GeneratedImageFactory(
        account=job.account, sku=job.sku, role="lifestyle", decision=Decision.APPROVED
    )
    lapse(account_id=job.account_id, references={job.sku: "url:old"})
    assert not ReviewTicket.objects.filter(waiting__gt=0).exists()
    lapse(account_id=job.account_id, references={job.sku: "url:new"})
    image.refresh_from_db()
    made_of_none.refresh_from_db()
    assert (image.decision, image.lapsed_at is None) == (Decision.APPROVED, False)
    assert made_of_none.lapsed_at is None
    assert ReviewTicket.objects.get(sku=job.sku).waiting == 1
    approve(account_id=job.account_id, seen=seen(image), reviewer=reviewer)
    image.refresh_from_db()
    assert (decision_of(image), image.lapsed_at) == (Decision.APPROVED, None)
    assert ReviewTicket.objects.get(sku=job.sku).waiting == 0
    assert ("withdrawn", image.pk) not in told


@pytest.fixture
def hero_of_old():
    """Approved, and made of the photo "url:old"."""
    job = ImageJobFactory(reference=ReferencePhotoFactory(identity="url:old"))
    want = WantFactory(account=job.account, sku=job.sku)
    job.wants.add(want)
    return GeneratedImageFactory(
        account=job.account, sku=job.sku, want=want, decision=Decision.APPROVED
    )


def lapses_for(image, photo):
    return len(lapse(account_id=image.account_id, references={image.sku: photo}))


def approve_anew(image, reviewer):
    image.refresh_from_db()
    return approve(account_id=image.account_id, seen=seen(image), reviewer=reviewer)


def test_an_approval_given_anew_holds_until_the_photo_changes_again(hero_of_old, reviewer):
    assert lapses_for(hero_of_old, "url:new") == 1
    approve_anew(hero_of_old, reviewer)

    assert lapses_for(hero_of_old, "url:new") == 0
    assert lapses_for(hero_of_old, "url:old") == 0
    assert lapses_for(hero_of_old, "url:newest") == 1
    hero_of_old.refresh_from_db()
    assert (hero_of_old.lapsed_at is None, hero_of_old.lapsed_for) == (False, "url:newest")


def test_an_approval_given_anew_holds_for_the_photo_there_is_by_then(hero_of_old, reviewer):
    assert lapses_for(hero_of_old, "url:new") == 1
    assert lapses_for(hero_of_old, "url:newest") == 0
    approve_anew(hero_of_old, reviewer)

    assert lapses_for(hero_of_old, "url:newest") == 0
    assert lapses_for(hero_of_old, "url:new") == 1


def test_an_approval_given_anew_and_taken_back_is_lapsed(hero_of_old, reviewer):
    assert lapses_for(hero_of_old, "url:new") == 1
    decision = approve_anew(hero_of_old, reviewer)
    undo(account_id=hero_of_old.account_id, decision_id=decision.pk, reviewer=reviewer)

    assert lapses_for(hero_of_old, "url:new") == 0
    hero_of_old.refresh_from_db()
    assert (hero_of_old.decision, hero_of_old.lapsed_at is None) == (Decision.APPROVED, False)
    assert ReviewTicket.objects.get(sku=hero_of_old.sku).waiting == 1
