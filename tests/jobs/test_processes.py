"""Real workers and a real dispatcher, killed and stopped at the worst moment."""

import os
import signal
from pathlib import Path

import pytest
from django.db import connection

from jobs import clock, followups
from jobs.models import FollowUp, Heartbeat
from tests.factories.jobs import FollowUpFactory
from tests.processes import process_environment, run_manage, running
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cluster_environment() -> dict[str, str]:
    return process_environment(
        DJANGO_SETTINGS_MODULE="tests.jobs.worker_settings",
        Q_CLUSTER_NAME="imports",
        IMPORT_WORKERS="1",
    )


def is_finished(follow_up: FollowUp) -> bool:
    follow_up.refresh_from_db()
    return follow_up.finished_at is not None


def test_a_job_whose_worker_was_killed_is_done_by_another_worker(cluster_environment, tmp_path):
    pid_file = tmp_path / "pid"
    log = tmp_path / "log"
    with (
        running("manage.py", "qcluster", environment=cluster_environment, log=log),
        running("manage.py", "dispatcher", environment=cluster_environment, log=log),
    ):
        follow_up = followups.add(kind="test.hang_once", payload={"file": str(pid_file)})
        wait_until(lambda: pid_file.exists() and pid_file.read_text(), what="the first attempt")

        os.kill(int(pid_file.read_text()), signal.SIGKILL)
        end_lease(follow_up)
        wait_until(lambda: is_finished(follow_up), what="the second attempt")

    assert follow_up.attempts == 2
    assert follow_up.claim_token is None


def test_a_whole_cluster_killed_and_started_again_goes_on(cluster_environment, tmp_path):
    pid_file = tmp_path / "pid"
    with running("manage.py", "qcluster", environment=cluster_environment):
        follow_up = followups.add(kind="test.hang_once", payload={"file": str(pid_file)})
        wait_until(lambda: pid_file.exists() and pid_file.read_text(), what="the first attempt")

    end_lease(follow_up)
    with (
        running("manage.py", "qcluster", environment=cluster_environment),
        running("manage.py", "dispatcher", environment=cluster_environment),
    ):
        wait_until(lambda: is_finished(follow_up), what="the second attempt")

    assert follow_up.attempts == 2


def end_lease(follow_up: FollowUp) -> None:
    """What the passing of time does, without the waiting."""
    FollowUp.objects.filter(pk=follow_up.pk).update(lease_expires_at=clock.now())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_dispatcher_stops_cleanly_when_told(number):
    with running("manage.py", "dispatcher") as process:
        wait_until(Heartbeat.objects.exists, what="the dispatcher's heartbeat")
        process.send_signal(number)

        assert process.wait(timeout=20) == 0


def test_the_dispatcher_can_make_a_single_pass():
    FollowUpFactory.create_batch(3)

    result = run_manage("dispatcher", "--once")

    assert (result.returncode, result.stdout) == (0, "Rang for 3 jobs.\n")


def test_the_dispatcher_outlives_a_database_that_is_out_of_reach(tmp_path: Path):
    log = tmp_path / "log"
    with running("manage.py", "dispatcher", log=log) as process:
        wait_until(Heartbeat.objects.exists, what="the dispatcher's heartbeat")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE jobs_heartbeat RENAME TO jobs_heartbeat_gone")
        try:
            wait_until(lambda: "could not make its pass" in log.read_text(), what="the warning")
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE jobs_heartbeat_gone RENAME TO jobs_heartbeat")
        Heartbeat.objects.all().delete()
        wait_until(Heartbeat.objects.exists, what="the next heartbeat")

        assert process.poll() is None
