"""Of any number of workers one holds a job, and only the holder writes to it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from jobs import clock
from jobs.claims import Claim, claim
from jobs.errors import ClaimLost
from jobs.models import FollowUp
from tests.factories.jobs import FollowUpFactory

LEASE = timedelta(minutes=1)
OVER = timedelta(seconds=-1)


def held(follow_up: FollowUp, *, lease: timedelta = LEASE) -> Claim:
    taken = claim(FollowUp, follow_up.pk, lease=lease)
    assert taken is not None
    return taken


@pytest.mark.django_db
def test_a_due_job_is_claimed_once_and_the_attempt_is_counted():
    follow_up = FollowUpFactory(dispatched_at=clock.now())

    first = claim(FollowUp, follow_up.pk, lease=LEASE)
    second = claim(FollowUp, follow_up.pk, lease=LEASE)

    follow_up.refresh_from_db()
    assert first is not None
    assert second is None
    assert follow_up.attempts == 1
    assert follow_up.claim_token == first.token
    assert follow_up.lease_expires_at > clock.now()
    assert follow_up.dispatched_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("run_after", [None, timedelta(minutes=1)], ids=["done", "not yet due"])
def test_a_job_that_is_not_due_is_not_claimed(run_after):
    due_at = None if run_after is None else clock.now() + run_after
    follow_up = FollowUpFactory(run_after=due_at)

    assert claim(FollowUp, follow_up.pk, lease=LEASE) is None

    follow_up.refresh_from_db()
    assert (follow_up.attempts, follow_up.claim_token) == (0, None)


@pytest.mark.django_db
def test_a_job_that_is_gone_is_not_claimed():
    assert claim(FollowUp, 4711, lease=LEASE) is None


@pytest.mark.django_db
def test_a_job_whose_lease_ran_out_goes_to_the_next_worker():
    follow_up = FollowUpFactory()
    lost = held(follow_up, lease=OVER)

    taken_over = held(follow_up)

    follow_up.refresh_from_db()
    assert follow_up.attempts == 2
    assert not lost.is_mine()
    assert taken_over.is_mine()


@pytest.mark.django_db
@pytest.mark.parametrize("write", ["commit", "release"])
def test_a_worker_that_lost_its_job_cannot_write(write):
    follow_up = FollowUpFactory()
    lost = held(follow_up, lease=OVER)
    winner = held(follow_up)
    before = FollowUp.objects.filter(pk=follow_up.pk).values().get()

    with pytest.raises(ClaimLost):
        getattr(lost, write)(error="written by the loser")

    assert FollowUp.objects.filter(pk=follow_up.pk).values().get() == before
    assert winner.is_mine()


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_did_is_rolled_back_with_the_commit_it_may_not_make():
    follow_up = FollowUpFactory()
    lost = held(follow_up, lease=OVER)
    held(follow_up)

    def work() -> None:
        with transaction.atomic():
            FollowUpFactory(kind="test.effect")
            lost.commit(made_progress=True)

    with pytest.raises(ClaimLost):
        work()

    assert not FollowUp.objects.filter(kind="test.effect").exists()


@pytest.mark.django_db
def test_a_commit_renews_the_lease():
    follow_up = FollowUpFactory()
    mine = held(follow_up, lease=timedelta(minutes=10))
    FollowUp.objects.update(lease_expires_at=clock.now())

    mine.commit(payload={"row": 7})

    follow_up.refresh_from_db()
    assert follow_up.payload == {"row": 7}
    assert follow_up.lease_expires_at > clock.now() + timedelta(minutes=9)


@pytest.mark.django_db
def test_attempts_count_from_the_last_progress():
    follow_up = FollowUpFactory()
    for _ in range(3):
        held(follow_up, lease=OVER)
    mine = held(follow_up)

    mine.commit()
    follow_up.refresh_from_db()
    assert follow_up.attempts == 4

    mine.commit(made_progress=True)
    follow_up.refresh_from_db()
    assert follow_up.attempts == 0


@pytest.mark.django_db
def test_a_job_given_back_is_free_at_its_time():
    follow_up = FollowUpFactory()
    later = clock.now() + timedelta(hours=1)

    held(follow_up).release(run_after=later, error="try again")

    follow_up.refresh_from_db()
    assert (follow_up.run_after, follow_up.error) == (later, "try again")
    assert (follow_up.claim_token, follow_up.lease_expires_at) == (None, None)
    assert claim(FollowUp, follow_up.pk, lease=LEASE) is None


@pytest.mark.django_db
def test_a_job_that_is_done_is_never_due_again():
    follow_up = FollowUpFactory()

    held(follow_up).release()

    follow_up.refresh_from_db()
    assert follow_up.run_after is None
    assert not FollowUp.job_rows().due(at=clock.now() + timedelta(days=999)).exists()


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_claiming_at_the_same_moment_one_wins():
    follow_up = FollowUpFactory()
    barrier = threading.Barrier(8)
    claims: list[Claim | None] = []

    def worker():
        try:
            barrier.wait(timeout=20)
            claims.append(claim(FollowUp, follow_up.pk, lease=LEASE))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    winners = [taken for taken in claims if taken is not None]
    follow_up.refresh_from_db()
    assert len(claims) == 8
    assert [taken.token for taken in winners] == [follow_up.claim_token]
    assert follow_up.attempts == 1
