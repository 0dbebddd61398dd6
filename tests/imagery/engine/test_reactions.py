"""The five reactions, one by one: pure."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from imagery.engine.policy import Retries
from imagery.engine.reactions import WORKER_LOST, Move, Place, move_after
from imagery.models import UnknownPolicy
from imagery.providers.protocol import CallOutcome, DeliveredImage, OutcomeClass

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FIRST = Place()
IMAGE = DeliveredImage("https://cdn.example.com/1.png", None, None)


def after(
    outcome,
    *,
    place=FIRST,
    has_other=True,
    policy=UnknownPolicy.RESEND_ONCE,
    most_attempts=3,
):
    retries = Retries(most_attempts=most_attempts, most_unsent=6, chance=random.Random(4))
    return move_after(place, outcome, has_other=has_other, policy=policy, retries=retries, at=NOW)


def of(kind, **said):
    return CallOutcome(kind, code="said", **said)


def test_what_was_not_sent_is_sent_again_after_a_while():
    move = after(of(OutcomeClass.NOT_SENT))

    assert move.place == Place(rung=0, attempts=1)
    assert NOW < move.due_at <= NOW + timedelta(seconds=2)


def test_what_is_rejected_for_now_waits_for_the_provider_alone():
    move = after(of(OutcomeClass.REJECTED_FOR_NOW, retry_after=timedelta(minutes=1)))

    assert move == Move(Place(rung=0, attempts=1))


def test_what_is_missing_beside_what_came_is_asked_for_at_once():
    assert after(of(OutcomeClass.SHORT, images=(IMAGE,))) == Move(Place(rung=0, attempts=1))


def test_an_answer_with_nothing_in_it_is_asked_again_after_a_while():
    assert after(of(OutcomeClass.SHORT)).due_at > NOW


@pytest.mark.parametrize("kind", [OutcomeClass.REJECTED_FOR_NOW, OutcomeClass.SHORT])
def test_tries_from_one_rung_are_bounded(kind):
    assert after(of(kind), place=Place(rung=1, attempts=2)) == Move(Place(rung=2))


def test_what_cannot_be_sent_is_tried_longer():
    unsent = of(OutcomeClass.NOT_SENT)

    assert after(unsent, place=Place(1, attempts=4, unsent=4)).place == Place(1, attempts=5)
    assert after(unsent, place=Place(1, attempts=5, unsent=5)) == Move(Place(rung=2))


def test_what_was_not_sent_does_not_count_against_a_provider_that_answers():
    short = of(OutcomeClass.SHORT)

    assert after(short, place=Place(1, attempts=5, unsent=4)).place == Place(1, attempts=6)
    assert after(short, place=Place(1, attempts=6, unsent=4)) == Move(Place(rung=2))


def test_work_of_ours_that_ended_with_its_worker_is_not_tried_longer():
    lost = CallOutcome(OutcomeClass.NOT_SENT, code=WORKER_LOST)

    assert after(lost, place=Place(1, attempts=1)).place == Place(1, attempts=2)
    assert after(lost, place=Place(1, attempts=2)) == Move(Place(rung=2))


def test_server_of_a_photo_may_say_when_to_come_again():
    busy = of(OutcomeClass.NOT_SENT, retry_after=timedelta(minutes=7))

    assert after(busy).due_at == NOW + timedelta(minutes=7)


def test_what_cannot_be_sent_is_tried_until_waits_are_the_longest():
    usual = Retries()

    last = usual.first_wait * 2 ** (usual.most_unsent - 2)
    assert last >= usual.longest_wait


def test_what_is_refused_is_never_asked_again():
    assert after(of(OutcomeClass.REFUSED)) == Move(Place(rung=1))


def test_a_refused_key_sends_to_the_next_provider_where_there_is_one():
    refused = of(OutcomeClass.REFUSED, pauses_provider=True)

    assert after(refused) == Move(Place(rung=1))
    assert after(refused, place=Place(2, 1), has_other=False) == Move(Place(2, 1))


def test_what_nobody_knows_the_end_of_is_sent_once_more_and_not_twice():
    unknown = of(OutcomeClass.UNKNOWN)

    assert after(unknown) == Move(Place(rung=0, attempts=1, unknowns=1))
    assert after(unknown, place=Place(0, 1, 1)) == Move(Place(rung=1))


def test_what_nobody_knows_the_end_of_may_be_left_to_the_next_provider():
    assert after(of(OutcomeClass.UNKNOWN), policy=UnknownPolicy.NEXT_RUNG) == Move(Place(rung=1))


def test_what_nobody_knows_the_end_of_may_wait_for_a_person():
    waits = after(of(OutcomeClass.UNKNOWN), place=Place(0, 1, 1), policy=UnknownPolicy.WAIT)

    assert waits == Move(Place(rung=0, attempts=2, unknowns=2))


def test_waits_double_up_to_a_bound_with_full_jitter():
    longest = Retries(chance=random.Random(0))
    waits = [longest.wait(attempts=attempts) for attempts in range(1, 30)]

    assert all(
        timedelta(0) <= wait <= min(timedelta(seconds=2 * 2**number), timedelta(minutes=5))
        for number, wait in enumerate(waits)
    )
    assert len(set(waits)) == len(waits)
