"""Workers that fetch pictures are killed and frozen; each picture still comes, and is kept once."""

import random
import threading
from collections.abc import Iterator

import pytest

from accounts.models import Account
from catalog.media_fetching import waking
from catalog.models import MediaAsset, MediaFetching, MediaFile
from jobs import clock
from tests.catalog.media_fetching.fetching import named, stored_files
from tests.catalog.media_fetching.picture_server import PictureServer, picture_server, png
from tests.faults.striking import writing_transaction_is_open
from tests.faults.workers import Worker, WorkerHost
from tests.imports import import_rows
from tests.outbound.servers import ok
from tests.processes import process_environment, running
from tests.waiting import wait_until

PICTURES = 60
#: Every third picture is the same as the two before it.
CONTENTS = 20


@pytest.fixture
def server() -> Iterator[PictureServer]:
    with picture_server() as pictures:
        for number in range(PICTURES):
            pictures.answers[f"/{number}"] = ok(png(number // 3, size=(200, 200)))
        yield pictures


@pytest.fixture
def account(accounts) -> Account:
    return accounts[0]


@pytest.fixture
def job(account, server) -> MediaFetching:
    named(account, *(server.url(f"/{number}") for number in range(PICTURES)))
    waking.wake_due()
    return MediaFetching.objects.get(account=account)


def fetched(account: Account) -> int:
    return MediaAsset.objects.filter(account=account, state="fetched").count()


def let_time_pass(account: Account) -> None:
    """Until the lease has run out, and what was being tried is due again."""
    now = clock.now()
    MediaFetching.objects.filter(account=account, lease_expires_at__isnull=False).update(
        lease_expires_at=now
    )
    waiting = MediaAsset.objects.filter(account=account, due_at__isnull=False)
    waiting.update(due_at=now)


def assert_all_is_there(account: Account) -> None:
    assert fetched(account) == PICTURES
    files = MediaFile.objects.filter(account=account)
    assert files.count() == CONTENTS
    assert not files.filter(stored_at=None).exists()
    paths = files.values_list("storage_path", "thumbnail_path")
    assert stored_files(account) == sorted(path for both in paths for path in both)


def run_to_end(host: WorkerHost, job: MediaFetching, server: PictureServer) -> None:
    host.fetch_media(job, port=server.socket_server.port).wait()


def test_killed_workers_lose_no_picture_and_keep_none_twice(host, account, job, server):
    chance = random.Random(3)
    kills = 0
    for goal in (5, 15, 30, 45):
        worker = host.fetch_media(job, port=server.socket_server.port)
        wait_until(lambda goal=goal: fetched(account) >= goal, what=f"{goal} pictures", every=0.001)
        threading.Event().wait(chance.uniform(0, 0.01))
        worker.kill()
        kills += 1
        let_time_pass(account)

    run_to_end(host, job, server)

    assert_all_is_there(account)
    assert max(server.asked.values()) <= 1 + kills
    # What was recorded before a kill is never asked for again: 4 at a time are under way.
    assert server.asked.total() <= PICTURES + kills * 12


def test_workers_that_rush_at_one_account_ask_for_each_picture_once(host, account, job, server):
    workers = [host.fetch_media(job, port=server.socket_server.port) for _ in range(3)]
    for worker in workers:
        worker.wait()

    assert_all_is_there(account)
    assert set(server.asked.values()) == {1}
    assert "Traceback" not in host.log, host.log


def test_a_frozen_worker_that_wakes_beside_its_successor_writes_nothing(host, account, job, server):
    first = host.fetch_media(job, port=server.socket_server.port)
    wait_until(lambda: fetched(account) >= 10, what="10 pictures", every=0.001)
    freeze_outside_a_transaction(first)
    let_time_pass(account)

    run_to_end(host, job, server)
    assert_all_is_there(account)
    before = list(MediaAsset.objects.order_by("id").values())
    first.thaw()
    first.wait()

    assert list(MediaAsset.objects.order_by("id").values()) == before
    assert_all_is_there(account)
    assert "was taken over by another worker" in host.log
    assert "Traceback" not in host.log, host.log


def test_an_imports_pictures_come_by_dispatcher_and_worker_alone(accounts, server, tmp_path):
    """The processes as they are run; nobody rings for anything but the import itself."""
    account, log = accounts[0], tmp_path / "log"
    urls = "#;".join(server.url(f"/{number}") for number in range(PICTURES))
    import_rows(account, ["SKU", "Product Name", "Media Paths"], [["F-1", "Fan", urls]])
    environment = process_environment(
        Q_CLUSTER_NAME="imagery",
        LOG_LEVEL="WARNING",
        MEDIA_FETCHING="true",
        OUTBOUND_ALLOWED_HOSTS=f"127.0.0.1:{server.socket_server.port}",
    )

    with (
        running("manage.py", "qcluster", environment=environment, log=log),
        running("manage.py", "dispatcher", environment=environment, log=log),
    ):
        wait_until(lambda: fetched(account) == PICTURES, seconds=60, what="all pictures")
        job = MediaFetching.objects.filter(account=account, claim_token=None, run_after=None)
        wait_until(job.exists, what="the job to rest")

    assert_all_is_there(account)
    assert set(server.asked.values()) == {1}
    assert "Traceback" not in log.read_text(), log.read_text()


def freeze_outside_a_transaction(worker: Worker) -> None:
    """A worker frozen amid a write would hold everybody up, as long as it stands still."""

    def stands_free() -> bool:
        worker.freeze()
        if not writing_transaction_is_open():
            return True
        worker.thaw()
        return False

    wait_until(stands_free, what="a moment outside of a transaction", every=0.001)
