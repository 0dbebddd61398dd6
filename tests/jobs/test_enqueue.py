"""The bell rings after the commit, carries an id, and may break without harm."""

from datetime import timedelta

import pytest
from django.db import transaction
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from jobs import clock
from jobs.enqueue import enqueue
from tests.factories.jobs import FollowUpFactory


def bells() -> list[tuple[str, str, tuple[int, ...]]]:
    found = []
    for row in OrmQ.objects.order_by("pk"):
        package = SignedPackage.loads(row.payload)
        found.append((row.key, package["func"], package["args"]))
    return found


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_when_the_transaction_has_committed():
    with transaction.atomic():
        follow_up = FollowUpFactory()
        enqueue(follow_up)
        assert bells() == []

    follow_up.refresh_from_db()
    assert bells() == [("imports", "jobs.tasks.run_follow_up", (follow_up.pk,))]
    assert follow_up.dispatched_at is not None
    assert get_broker("imports").queue_size() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_rings_for_a_transaction_that_was_rolled_back():
    with transaction.atomic():
        enqueue(FollowUpFactory())
        transaction.set_rollback(True)

    assert bells() == []


@pytest.mark.django_db(transaction=True)
def test_nothing_rings_for_a_job_that_is_not_due_yet():
    follow_up = FollowUpFactory(run_after=clock.now() + timedelta(minutes=5))

    enqueue(follow_up)

    follow_up.refresh_from_db()
    assert bells() == []
    assert follow_up.dispatched_at is None


@pytest.mark.django_db(transaction=True)
def test_a_broken_queue_leaves_the_job_to_the_dispatcher(settings, caplog):
    settings.JOB_QUEUES = {}
    follow_up = FollowUpFactory()

    enqueue(follow_up)

    follow_up.refresh_from_db()
    assert bells() == []
    assert follow_up.dispatched_at is None
    assert f"Could not ring for jobs.FollowUp {follow_up.pk}" in caplog.text
