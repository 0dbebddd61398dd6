"""What ended a month ago is forgotten; what has not ended is kept however old it is."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django_q.models import Task

from jobs import clock, housekeeping, periodic
from jobs.models import FollowUp
from tests.factories.jobs import FollowUpFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=31)


def test_follow_ups_that_ended_long_ago_are_forgotten():
    long_ago = clock.now() - LONG_AGO
    FollowUpFactory(run_after=None, finished_at=long_ago)
    FollowUpFactory(run_after=None, failed_at=long_ago)
    recent = FollowUpFactory(run_after=None, finished_at=clock.now())
    waiting = FollowUpFactory(run_after=long_ago)

    housekeeping.forget_old_follow_ups()

    assert set(FollowUp.objects.values_list("pk", flat=True)) == {recent.pk, waiting.pk}


def test_results_of_old_tasks_are_forgotten():
    for number, stopped in enumerate((clock.now() - LONG_AGO, clock.now())):
        Task.objects.create(
            id=f"task-{number}", name="task", func="f", started=stopped, stopped=stopped
        )

    housekeeping.forget_old_task_results()

    assert list(Task.objects.values_list("id", flat=True)) == ["task-1"]


def test_expired_sessions_are_forgotten():
    day = timedelta(days=1)
    Session.objects.create(session_key="over", session_data="", expire_date=clock.now() - day)
    Session.objects.create(session_key="open", session_data="", expire_date=clock.now() + day)

    housekeeping.forget_expired_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


def test_housekeeping_is_registered_with_the_dispatcher():
    housekeeping.register()

    assert periodic.run_due(at=clock.now()) == (
        "jobs.forget_old_follow_ups",
        "jobs.forget_old_task_results",
        "jobs.forget_expired_sessions",
    )
