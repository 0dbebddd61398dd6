"""Later work is written with what calls for it, tried again, and at last given up in sight."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jobs import clock, followups
from jobs.backoff import delay
from jobs.claims import claim
from jobs.models import FollowUp
from jobs.tasks import MOST_ATTEMPTS, run_follow_up
from tests.factories.accounts import AccountFactory
from tests.factories.jobs import FollowUpFactory

pytestmark = pytest.mark.django_db


def due_again(follow_up: FollowUp) -> FollowUp:
    FollowUp.objects.filter(pk=follow_up.pk).update(run_after=clock.now())
    follow_up.refresh_from_db()
    return follow_up


def test_a_handler_gets_the_follow_up_and_it_is_finished():
    seen: list[tuple[object, object]] = []
    followups.register("test.note", lambda given: seen.append((given.account, given.payload)))
    account = AccountFactory()
    follow_up = followups.add(kind="test.note", payload={"upload": 7}, account=account)

    run_follow_up(follow_up.pk)

    follow_up.refresh_from_db()
    assert seen == [(account, {"upload": 7})]
    assert follow_up.finished_at is not None
    assert (follow_up.run_after, follow_up.failed_at, follow_up.error) == (None, None, "")


def test_a_finished_follow_up_does_not_run_again():
    calls: list[int] = []
    followups.register("test.count", lambda given: calls.append(given.pk))
    follow_up = FollowUpFactory(kind="test.count")

    run_follow_up(follow_up.pk)
    run_follow_up(follow_up.pk)

    assert calls == [follow_up.pk]


def test_a_failing_follow_up_waits_longer_each_time_and_is_given_up_in_sight():
    def broken(follow_up: FollowUp) -> None:
        raise RuntimeError("the shop is closed")

    followups.register("test.broken", broken)
    follow_up = FollowUpFactory(kind="test.broken")
    waits = []
    for _ in range(MOST_ATTEMPTS - 1):
        before = clock.now()
        run_follow_up(follow_up.pk)
        follow_up.refresh_from_db()
        waits.append(round((follow_up.run_after - before).total_seconds()))
        due_again(follow_up)

    assert waits == [10, 20, 40, 80, 160, 320, 640]
    assert (follow_up.failed_at, follow_up.error) == (None, "RuntimeError: the shop is closed")

    run_follow_up(follow_up.pk)

    follow_up.refresh_from_db()
    assert follow_up.failed_at is not None
    assert (follow_up.run_after, follow_up.finished_at) == (None, None)
    assert follow_up.error == "RuntimeError: the shop is closed"


def test_a_follow_up_that_kills_its_workers_is_given_up_too():
    calls: list[int] = []
    followups.register("test.count", lambda given: calls.append(given.pk))
    follow_up = FollowUpFactory(kind="test.count", attempts=MOST_ATTEMPTS)

    run_follow_up(follow_up.pk)

    follow_up.refresh_from_db()
    assert calls == []
    assert follow_up.failed_at is not None
    assert follow_up.error == "Its worker stopped each time it ran."


def test_a_kind_nobody_handles_is_an_error_and_tried_again():
    follow_up = FollowUpFactory(kind="test.unknown")

    run_follow_up(follow_up.pk)

    follow_up.refresh_from_db()
    assert follow_up.error == "UnknownKind: no handler is registered for 'test.unknown'"
    assert follow_up.run_after > clock.now()


def test_a_handler_that_was_overtaken_does_not_mark_the_follow_up_finished(caplog):
    def slow(follow_up: FollowUp) -> None:
        FollowUp.objects.update(lease_expires_at=clock.now())
        assert claim(FollowUp, follow_up.pk, lease=timedelta(minutes=1)) is not None

    followups.register("test.slow", slow)
    follow_up = FollowUpFactory(kind="test.slow")

    run_follow_up(follow_up.pk)

    follow_up.refresh_from_db()
    assert follow_up.finished_at is None
    assert follow_up.lease_expires_at > clock.now()
    assert "was taken over" in caplog.text


def test_a_kind_has_one_handler():
    followups.register("test.note", print)
    followups.register("test.note", print)

    with pytest.raises(ValueError, match=r"'test\.note' already has a handler"):
        followups.register("test.note", repr)


def test_the_wait_doubles_up_to_an_hour():
    assert delay(attempts=1) == timedelta(seconds=10)
    assert delay(attempts=2) == timedelta(seconds=20)
    assert delay(attempts=10) == timedelta(hours=1)
    assert delay(attempts=10_000) == timedelta(hours=1)


def test_a_follow_up_cannot_be_both_finished_and_failed():
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpFactory(finished_at=clock.now(), failed_at=clock.now())
