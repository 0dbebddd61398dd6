"""What nobody rang for, and what lost its worker, is rung for; nothing is rung for twice."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from jobs import clock, dispatcher, enqueue, heartbeats, periodic
from jobs.claims import claim
from jobs.dispatcher import DispatchReport, run_once
from jobs.models import FollowUp, Heartbeat
from tests.factories.jobs import FollowUpFactory

pytestmark = pytest.mark.django_db


def test_a_due_job_nobody_rang_for_is_rung_for_once():
    FollowUpFactory()

    assert run_once() == DispatchReport(rung=1, periodic=())
    assert run_once() == DispatchReport(rung=0, periodic=())
    assert OrmQ.objects.count() == 1


def test_done_and_later_jobs_are_left_alone():
    FollowUpFactory(run_after=None)
    FollowUpFactory(run_after=clock.now() + timedelta(minutes=1))

    assert run_once().was_idle
    assert OrmQ.objects.count() == 0


def test_a_job_in_the_hands_of_a_worker_is_left_alone():
    claim(FollowUp, FollowUpFactory().pk, lease=timedelta(minutes=1))

    assert run_once().rung == 0


def test_a_job_whose_worker_vanished_is_rung_for_when_its_lease_is_over():
    claim(FollowUp, FollowUpFactory().pk, lease=timedelta(minutes=1))

    assert run_once(clock.now() + timedelta(seconds=59)).rung == 0
    FollowUp.objects.update(lease_expires_at=clock.now())
    assert run_once().rung == 1


def test_a_bell_that_must_be_lost_is_rung_again():
    FollowUpFactory(dispatched_at=clock.now() - dispatcher.LOST_AFTER)
    FollowUpFactory(dispatched_at=clock.now() - dispatcher.LOST_AFTER + timedelta(minutes=1))

    assert run_once().rung == 1


def test_the_queue_is_kept_short_and_the_longest_waiting_go_first():
    start = clock.now() - timedelta(hours=1)
    FollowUpFactory.create_batch(5, run_after=start + timedelta(minutes=1))
    oldest = FollowUpFactory.create_batch(dispatcher.LONGEST_QUEUE, run_after=start)

    assert run_once().rung == dispatcher.LONGEST_QUEUE
    assert run_once().rung == 0
    rung = FollowUp.objects.exclude(dispatched_at=None).values_list("pk", flat=True)
    assert set(rung) == {follow_up.pk for follow_up in oldest}


class Unreachable(Exception):
    """What brokers raise derives from errors of neither the database nor the system."""


def test_a_queue_out_of_reach_keeps_up_neither_the_others_nor_periodic_work(monkeypatch, caplog):
    length_of = dispatcher.unheard
    ran = []
    periodic.register("tidy", timedelta(days=1), lambda: ran.append("tidy"))

    def unheard(cluster):
        if cluster == "imagery":
            raise Unreachable
        return length_of(cluster)

    monkeypatch.setattr(dispatcher, "unheard", unheard)
    FollowUpFactory()

    assert run_once() == DispatchReport(rung=1, periodic=("tidy",))
    assert ran == ["tidy"]
    assert "Could not ring on the queue imagery" in caplog.text


def test_bells_that_do_not_reach_their_queue_are_rung_by_a_later_pass(monkeypatch):
    def press(**_):
        raise Unreachable

    follow_up = FollowUpFactory()
    with monkeypatch.context() as broken:
        broken.setattr(enqueue, "press", press)
        assert run_once().rung == 0
    follow_up.refresh_from_db()
    assert follow_up.dispatched_at is None

    assert run_once().rung == 1


def test_each_pass_shows_that_the_dispatcher_lives():
    moment = clock.now()

    run_once(moment)
    run_once(moment + heartbeats.EVERY - timedelta(seconds=1))
    assert Heartbeat.objects.get(pk=dispatcher.NAME).beat_at == moment

    run_once(moment + heartbeats.EVERY)
    assert Heartbeat.objects.get(pk=dispatcher.NAME).beat_at == moment + heartbeats.EVERY


def test_an_idle_pass_costs_few_queries_and_writes_nothing(django_assert_num_queries):
    run_once()

    # Heartbeat; for each of the two clusters its queue's length; the due rows of each job model.
    with django_assert_num_queries(3 + _job_model_count()) as captured:
        run_once()

    assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)


def _job_model_count() -> int:
    from jobs.registry import job_models

    return len(job_models())
