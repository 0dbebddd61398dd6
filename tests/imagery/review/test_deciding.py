"""Approving, rejecting and taking back: one wins, the other is told, all of it is written down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from imagery.models import (
    Decision,
    DecisionKind,
    GeneratedImage,
    RejectReason,
    ReviewDecision,
    ReviewTicket,
)
from imagery.review.bulk import approve_many, reject_many
from imagery.review.deciding import Seen, approve, reject
from imagery.review.errors import AlreadyDecided, CannotUndo, NotReviewable, OtherBytes
from imagery.review.trail import Reviewer
from imagery.review.undoing import undo
from jobs import clock
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.review.conftest import decision_of, seen


def test_an_approval_is_written_down_with_the_bytes_it_holds_for(reviewer, told):
    image = GeneratedImageFactory()
    approve(account_id=image.account_id, seen=seen(image), reviewer=reviewer, note="Fine.")
    entry = ReviewDecision.objects.get()
    assert (entry.kind, entry.before, entry.after) == ("approve", "pending", "approved")
    assert (entry.sha256, entry.user, entry.note) == (image.sha256, reviewer.user, "Fine.")
    image.refresh_from_db()
    assert (image.decision, image.decided_by) == (Decision.APPROVED, reviewer.user)
    assert told == [("approved", image.pk)]


def test_approving_another_image_of_the_role_supersedes_the_current_one(reviewer, told):
    first = GeneratedImageFactory()
    approve(account_id=first.account_id, seen=seen(first), reviewer=reviewer)
    second = GeneratedImageFactory(account=first.account)
    of_other_role = GeneratedImageFactory(account=first.account, role="lifestyle")
    for image in (of_other_role, second):
        approve(account_id=first.account_id, seen=seen(image), reviewer=reviewer)
    assert decision_of(first) == Decision.SUPERSEDED
    assert decision_of(second) == decision_of(of_other_role) == Decision.APPROVED
    assert told[-2:] == [("withdrawn", first.pk), ("approved", second.pk)]
    gave_way = ReviewDecision.objects.get(kind=DecisionKind.SUPERSEDE)
    assert (gave_way.image, gave_way.caused_by.image) == (first, second)


def test_of_several_candidates_for_a_role_one_is_chosen(reviewer, told):
    chosen = GeneratedImageFactory()
    other = GeneratedImageFactory(account=chosen.account)
    rejected = GeneratedImageFactory(account=chosen.account, decision=Decision.REJECTED)
    decision = approve(account_id=chosen.account_id, seen=seen(chosen), reviewer=reviewer)
    assert (decision_of(other), decision_of(rejected)) == ("superseded", "rejected")
    assert told == [("approved", chosen.pk)]
    undo(account_id=chosen.account_id, decision_id=decision.pk, reviewer=reviewer)
    assert decision_of(chosen) == decision_of(other) == Decision.PENDING


def test_rejecting_the_current_image_withdraws_it(reviewer, told):
    image = GeneratedImageFactory(decision=Decision.APPROVED)
    decision = reject(
        account_id=image.account_id,
        seen=seen(image),
        reviewer=reviewer,
        reason=RejectReason.WRONG_COLOUR,
    )
    assert decision_of(image) == Decision.REJECTED
    assert decision.reason == "wrong_colour"
    assert told == [("withdrawn", image.pk), ("rejected", image.pk)]


def test_the_slower_of_two_is_told_who_was_quicker(reviewer, told):
    image = GeneratedImageFactory()
    as_both_saw_it = seen(image)
    approve(account_id=image.account_id, seen=as_both_saw_it, reviewer=reviewer)
    other = Reviewer(user=UserFactory())
    with pytest.raises(AlreadyDecided, match=str(reviewer.user)) as refused:
        reject(
            account_id=image.account_id,
            seen=as_both_saw_it,
            reviewer=other,
            reason=RejectReason.CROPPED,
        )
    assert refused.value.by == ReviewDecision.objects.get()
    assert decision_of(image) == Decision.APPROVED
    assert told == [("approved", image.pk)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_the_same_moment_one_wins():
    image = GeneratedImageFactory()
    as_both_saw_it = seen(image)
    people = [Reviewer(user=UserFactory()), Reviewer(user=UserFactory())]

    def decide(reviewer: Reviewer) -> str:
        try:
            approve(account_id=image.account_id, seen=as_both_saw_it, reviewer=reviewer)
        except AlreadyDecided:
            return "told"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, people)) == ["told", "won"]
    assert ReviewDecision.objects.count() == 1


def test_an_image_whose_bytes_are_others_is_not_decided(reviewer, told):
    image = GeneratedImageFactory()
    with pytest.raises(OtherBytes):
        approve(account_id=image.account_id, seen=Seen(image.pk, "0" * 63 + "x"), reviewer=reviewer)
    assert decision_of(image) == Decision.PENDING
    assert (ReviewDecision.objects.count(), told) == (0, [])


@pytest.mark.parametrize("unfit", [{"is_placeholder": True}, {"role": ""}])
def test_what_is_not_reviewable_is_not_decided(reviewer, unfit):
    image = GeneratedImageFactory(**unfit)
    with pytest.raises(NotReviewable):
        approve(account_id=image.account_id, seen=seen(image), reviewer=reviewer)
    assert ReviewDecision.objects.count() == 0


def test_an_image_of_another_account_is_not_found(reviewer):
    image = GeneratedImageFactory()
    with pytest.raises(GeneratedImage.DoesNotExist):
        approve(account_id=AccountFactory().pk, seen=seen(image), reviewer=reviewer)
    assert decision_of(image) == Decision.PENDING


def test_taking_an_approval_back_restores_the_one_that_gave_way(reviewer, told):
    first = GeneratedImageFactory(decision=Decision.APPROVED)
    second = GeneratedImageFactory(account=first.account)
    decision = approve(account_id=first.account_id, seen=seen(second), reviewer=reviewer)
    told.clear()
    undo(account_id=first.account_id, decision_id=decision.pk, reviewer=reviewer)
    assert (decision_of(first), decision_of(second)) == (Decision.APPROVED, Decision.PENDING)
    assert told == [("withdrawn", second.pk), ("approved", first.pk)]
    with pytest.raises(CannotUndo):
        undo(account_id=first.account_id, decision_id=decision.pk, reviewer=reviewer)


@pytest.mark.parametrize("how", ["rejected", "replaced", "rejected twice"])
def test_taking_back_what_ended_a_lapsed_approval_leaves_it_lapsed(reviewer, how):
    lapsed_at = clock.now() - timedelta(days=1)
    image = GeneratedImageFactory(decision=Decision.APPROVED, lapsed_at=lapsed_at)
    newer = GeneratedImageFactory(account=image.account)
    for _ in range(2 if how == "rejected twice" else 1):
        if how == "replaced":
            decision = approve(account_id=image.account_id, seen=seen(newer), reviewer=reviewer)
        else:
            decision = reject(
                account_id=image.account_id,
                seen=seen(image),
                reviewer=reviewer,
                reason=RejectReason.CROPPED,
            )
        undo(account_id=image.account_id, decision_id=decision.pk, reviewer=reviewer)
    image.refresh_from_db()
    assert (image.decision, image.lapsed_at) == (Decision.APPROVED, lapsed_at)
    assert ReviewTicket.objects.get(sku=image.sku).waiting == 2


def test_only_the_newest_decision_can_be_taken_back(reviewer):
    image = GeneratedImageFactory()
    approval = approve(account_id=image.account_id, seen=seen(image), reviewer=reviewer)
    image.refresh_from_db()
    reject(
        account_id=image.account_id,
        seen=seen(image),
        reviewer=reviewer,
        reason=RejectReason.LOW_QUALITY,
    )
    with pytest.raises(CannotUndo):
        undo(account_id=image.account_id, decision_id=approval.pk, reviewer=reviewer)
    assert decision_of(image) == Decision.REJECTED


def test_a_rejected_current_image_is_not_put_beside_a_new_one(reviewer):
    old = GeneratedImageFactory(decision=Decision.APPROVED)
    new = GeneratedImageFactory(account=old.account)
    rejection = reject(
        account_id=old.account_id, seen=seen(old), reviewer=reviewer, reason=RejectReason.CROPPED
    )
    approve(account_id=old.account_id, seen=seen(new), reviewer=reviewer)
    with pytest.raises(CannotUndo):
        undo(account_id=old.account_id, decision_id=rejection.pk, reviewer=reviewer)
    assert (decision_of(old), decision_of(new)) == (Decision.REJECTED, Decision.APPROVED)


def test_of_many_decisions_those_that_are_refused_keep_none_of_the_others(reviewer):
    images = [GeneratedImageFactory(sku=f"SKU-{number}") for number in range(3)]
    account = images[0].account
    GeneratedImage.objects.update(account=account)
    looked_at = [seen(image) for image in images]
    approve(account_id=account.pk, seen=looked_at[1], reviewer=reviewer)
    outcome = approve_many(account_id=account.pk, seen=looked_at, reviewer=reviewer)
    assert [decision.image_id for decision in outcome.decisions] == [images[0].pk, images[2].pk]
    assert [image_id for image_id, _ in outcome.refused] == [images[1].pk]
    rejected = reject_many(
        account_id=account.pk,
        seen=looked_at,
        reviewer=reviewer,
        reason=RejectReason.ARTEFACTS,
    )
    assert (len(rejected.decisions), len(rejected.refused)) == (0, 3)
