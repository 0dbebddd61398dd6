"""Forgetting what nobody will ask about any more."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Q
from django_q.models import Task

from jobs import clock, periodic
from jobs.models import FollowUp

KEPT_FOR = timedelta(days=30)
AT_ONCE = 1_000


def register() -> None:
    periodic.register("jobs.forget_old_follow_ups", timedelta(hours=1), forget_old_follow_ups)
    periodic.register("jobs.forget_old_task_results", timedelta(hours=1), forget_old_task_results)
    periodic.register("jobs.forget_expired_sessions", timedelta(days=1), forget_expired_sessions)


def forget_old_follow_ups() -> None:
    """Failed ones stay as long as finished ones: a month to look at them."""
    before = clock.now() - KEPT_FOR
    ended = FollowUp.objects.filter(Q(finished_at__lt=before) | Q(failed_at__lt=before))
    FollowUp.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:AT_ONCE])).delete()


def forget_old_task_results() -> None:
    """The queue itself forgets successes but keeps every failure."""
    before = clock.now() - KEPT_FOR
    old = Task.objects.filter(stopped__lt=before).order_by("stopped")
    Task.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()


def forget_expired_sessions() -> None:
    Session.objects.filter(expire_date__lt=clock.now()).delete()
