"""Probes tell a process that is alive from an application that can do its work."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from jobs import clock, dispatcher, heartbeats
from jobs.backlog import silent_clusters
from jobs.claims import claim
from jobs.models import FollowUp
from tests.factories.jobs import FollowUpFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def living_dispatcher():
    heartbeats.beat(dispatcher.NAME, at=clock.now())


def failed_checks(response) -> set[str]:
    return {name for name, check in response.json()["checks"].items() if not check["ok"]}


def test_a_living_process_says_so_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.usefixtures("living_dispatcher")
def test_ready_when_everything_works(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["status"] == "ready"
    assert set(response.json()["checks"]) == {"database", "storage", "oldest_job", "dispatcher"}
    assert failed_checks(response) == set()
    assert default_storage.listdir("health") == ([], [])


def test_not_ready_without_a_dispatcher(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["dispatcher"] == {"ok": False, "detail": "never seen"}


def test_not_ready_when_the_dispatcher_fell_silent(client):
    heartbeats.beat(dispatcher.NAME, at=clock.now() - timedelta(seconds=90))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert failed_checks(response) == {"dispatcher"}
    assert response.json()["checks"]["dispatcher"]["detail"] == "seen 90 s ago"


@pytest.mark.usefixtures("living_dispatcher")
def test_not_ready_when_due_work_is_left_lying(client, settings):
    settings.READY_MAX_JOB_AGE = 60
    FollowUpFactory(run_after=clock.now() - timedelta(seconds=100))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert failed_checks(response) == {"oldest_job"}
    assert response.json()["checks"]["oldest_job"]["detail"] == "due for 100 s"


@pytest.mark.usefixtures("living_dispatcher")
def test_not_ready_when_files_cannot_be_written(client, private_files):
    private_files.rmdir()
    private_files.write_text("a file where the directory should be")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert failed_checks(response) == {"storage"}
    assert str(private_files) not in response.content.decode()


@pytest.mark.usefixtures("living_dispatcher")
def test_asking_often_does_not_write_often(client, private_files):
    client.get("/readyz")
    (private_files / "health").rmdir()

    assert client.get("/readyz").status_code == 200
    assert not (private_files / "health").exists()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_cannot_be_posted_to(client, path):
    assert client.post(path).status_code == 405


def test_metrics_count_work_and_name_no_account(client):
    FollowUpFactory.create_batch(2, run_after=clock.now() - timedelta(seconds=50))
    claim(FollowUp, FollowUpFactory().pk, lease=timedelta(minutes=1))
    FollowUpFactory(run_after=None, failed_at=clock.now())
    heartbeats.beat(dispatcher.NAME, at=clock.now() - timedelta(seconds=7))

    lines = client.get("/metrics").content.decode().splitlines()

    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values['catalog_jobs_due{job="jobs.followup"}'] == "2.0"
    assert values['catalog_jobs_held{job="jobs.followup"}'] == "1.0"
    assert values["catalog_follow_ups_failed"] == "1.0"
    assert int(float(values['catalog_jobs_oldest_due_seconds{job="jobs.followup"}'])) == 50
    assert int(float(values['catalog_heartbeat_age_seconds{process="dispatcher"}'])) == 7


@pytest.mark.parametrize(
    "surroundings",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_HOST": "catalog.example.com"},
        {"HTTP_FORWARDED": "proto=https"},
        {"HTTP_X_REAL_IP": "192.0.2.7"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
    ids=lambda surroundings: next(iter(surroundings)),
)
def test_metrics_without_a_token_are_for_this_machine_alone(client, surroundings):
    response = client.get("/metrics", **surroundings)

    assert (response.status_code, response.content) == (403, b"Forbidden\n")


def test_metrics_with_a_token_are_for_whoever_brings_it(client, settings):
    settings.METRICS_TOKEN = "correct"

    def status(**headers: str) -> int:
        return client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers=headers).status_code

    assert status(authorization="Bearer correct") == 200
    assert status(authorization="Bearer wrong") == 403
    assert status(authorization="Bearer 秘密") == 403
    assert status() == 403


def test_a_cluster_is_silent_when_old_bells_meet_no_busy_worker():
    rung_at = clock.now() - timedelta(minutes=4)
    FollowUpFactory(dispatched_at=rung_at)

    assert silent_clusters(at=clock.now()) == {"imports"}
    assert silent_clusters(at=clock.now() - timedelta(minutes=2)) == set()

    claim(FollowUp, FollowUpFactory().pk, lease=timedelta(minutes=1))
    assert silent_clusters(at=clock.now()) == set()
