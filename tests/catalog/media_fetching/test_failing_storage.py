"""A storage that fails is tried again, ever more seldom; no picture pays for it."""

from datetime import timedelta

import pytest

from catalog.media_fetching import tasks, waking
from catalog.media_fetching.policy import MOST_ATTEMPTS
from catalog.models import MediaAsset, MediaFetching, MediaFile
from jobs import clock
from tests.catalog.media_fetching.fetching import (
    come_due,
    fetch_due,
    let_the_wait_pass,
    named,
    policy_for,
    put_off,
    states,
)
from tests.catalog.media_fetching.picture_server import TROUBLE

pytestmark = pytest.mark.django_db


def test_a_storage_that_fails_is_no_fault_of_the_picture(account, server, private_files, caplog):
    (asset,) = named(account, server.url("/1"))
    (private_files / str(account.uuid)).write_text("a file where a directory is needed")
    fetch_due(account, policy_for(server))

    asset.refresh_from_db()
    assert (asset.state, asset.failure) == ("pending", "")
    job = MediaFetching.objects.get(account=account)
    assert job.claim_token is None
    assert job.run_after > clock.now()
    assert "attempt 1 failed" in caplog.text

    (private_files / str(account.uuid)).unlink()
    come_due(account)
    MediaFetching.objects.update(run_after=clock.now())
    fetch_due(account, policy_for(server))
    assert states(account) == {"1": "fetched"}
    assert MediaFile.objects.count() == 1


def test_a_storage_that_goes_on_failing_is_tried_more_and_more_seldom(
    account, server, private_files
):
    """Though the dispatcher looks all the while for what is due."""
    server.answers["/x"] = TROUBLE
    named(account, server.url("/1"), server.url("/2"))
    named(account, server.url("/x"), attempts=2, failure_code="http_500", failure="Oh.")
    (private_files / str(account.uuid)).write_text("a file where a directory is needed")
    waits = []
    for _ in range(2):
        before = clock.now()
        fetch_due(account, policy_for(server))
        waits.append(put_off(account) - before)
        waking.wake_due()
        assert put_off(account) - before == waits[-1]
        tasks.run_slice(MediaFetching.objects.get().pk, policy=policy_for(server))
        assert server.asked["/1"] == len(waits)
        let_the_wait_pass(account)

    assert timedelta(seconds=10) <= waits[0] < timedelta(seconds=20) <= waits[1]
    tries = MediaAsset.objects.order_by("id").values_list("attempts", flat=True)
    assert list(tries) == [0, 0, 3]


def test_no_picture_is_given_up_however_often_the_storage_fails(account, server, private_files):
    assets = named(account, server.url("/1"), server.url("/2"), attempts=MOST_ATTEMPTS - 1)
    (private_files / str(account.uuid)).write_text("a file where a directory is needed")
    for _ in range(MOST_ATTEMPTS + 1):
        fetch_due(account, policy_for(server))
        come_due(account)
        let_the_wait_pass(account)
    assert states(account) == {"1": "pending", "2": "pending"}

    (private_files / str(account.uuid)).unlink()
    fetch_due(account, policy_for(server))

    assert states(account) == {"1": "fetched", "2": "fetched"}
    assets[0].refresh_from_db()
    assert assets[0].attempts == MOST_ATTEMPTS
    job = MediaFetching.objects.get(account=account)
    assert (job.run_after, job.attempts) == (None, 0)


def test_who_asks_need_not_wait_for_a_storage_that_has_failed(account, server, private_files):
    (asset,) = named(account, server.url("/1"))
    (private_files / str(account.uuid)).write_text("a file where a directory is needed")
    fetch_due(account, policy_for(server))

    waking.fetch_again(asset_ids=[asset.pk], account_ids=None)

    assert put_off(account) <= clock.now()
