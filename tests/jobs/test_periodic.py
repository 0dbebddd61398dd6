"""Housekeeping runs about as often as asked, whoever else runs it too."""

from datetime import timedelta

import pytest

from jobs import clock, periodic
from jobs.models import PeriodicRun

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_function_runs_at_once_and_then_when_its_time_has_passed():
    calls: list[int] = []
    periodic.register("test.count", HOUR, lambda: calls.append(1))
    start = clock.now()

    assert periodic.run_due(at=start) == ("test.count",)
    assert periodic.run_due(at=start + HOUR - timedelta(seconds=1)) == ()
    assert periodic.run_due(at=start + HOUR) == ("test.count",)
    assert len(calls) == 2
    assert PeriodicRun.objects.get(pk="test.count").ran_at == start + HOUR


def test_one_failing_hinders_no_other_and_waits_for_its_next_time(caplog):
    calls: list[int] = []

    def broken() -> None:
        raise RuntimeError("no")

    periodic.register("test.broken", HOUR, broken)
    periodic.register("test.count", HOUR, lambda: calls.append(1))

    assert periodic.run_due(at=clock.now()) == ("test.broken", "test.count")
    assert periodic.run_due(at=clock.now()) == ()
    assert calls == [1]
    assert "Periodic function test.broken failed" in caplog.text


def test_two_functions_cannot_share_a_name():
    periodic.register("test.count", HOUR, print)

    with pytest.raises(ValueError, match=r"'test\.count' is already registered"):
        periodic.register("test.count", HOUR, repr)
