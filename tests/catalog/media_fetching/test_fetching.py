"""Pictures come into the account's own storage: each once, and each failure with its reason."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.media_fetching import tasks, waking
from catalog.media_fetching.policy import MOST_ATTEMPTS
from catalog.models import MediaAsset, MediaFetching, MediaFile
from jobs import clock
from jobs.claims import claim
from outbound import Gate
from tests.catalog.media_fetching.fetching import (
    come_due,
    fetch_due,
    named,
    policy_for,
    put_off,
    states,
    stored_files,
)
from tests.catalog.media_fetching.picture_server import NOT_FOUND, TROUBLE, png
from tests.factories.accounts import AccountFactory
from tests.imports import import_rows
from tests.outbound.servers import ok

pytestmark = pytest.mark.django_db


def test_a_picture_is_fetched_into_the_accounts_private_storage(account, server):
    content = png(7, size=(60, 40))
    server.answers["/fan.png"] = ok(content, "Content-Type: text/plain")
    (asset,) = named(account, server.url("/fan.png"))

    fetch_due(account, policy_for(server))

    asset.refresh_from_db()
    assert (asset.state, asset.due_at, asset.attempts) == ("fetched", None, 1)
    file = asset.file
    sha256 = hashlib.sha256(content).hexdigest()
    assert (file.sha256, file.content_type, file.byte_size) == (sha256, "image/png", len(content))
    assert (file.width, file.height) == (60, 40)
    assert file.stored_at is not None
    directory = f"{account.uuid}/private/media/{sha256[:2]}"
    assert file.storage_path == f"{directory}/{sha256}.png"
    assert stored_files(account) == [
        f"{directory}/{sha256}.png",
        f"{directory}/{sha256}.thumbnail.webp",
    ]
    with default_storage.open(file.storage_path) as stored:
        assert stored.read() == content


def test_many_are_fetched_and_none_is_asked_for_twice(account, server):
    named(account, *(server.url(f"/{number}") for number in range(40)))

    fetch_due(account, policy_for(server))

    assert set(states(account).values()) == {"fetched"}
    assert set(server.asked.values()) == {1}
    assert len(server.asked) == 40
    assert MediaFile.objects.count() == 40


def test_the_same_bytes_at_two_addresses_are_stored_once(account, server):
    for path in ("/a", "/b", "/c"):
        server.answers[path] = ok(png(1))
    named(account, server.url("/a"), server.url("/b"))
    fetch_due(account, policy_for(server))
    named(account, server.url("/c"))
    fetch_due(account, policy_for(server))

    assert states(account) == {"a": "fetched", "b": "fetched", "c": "fetched"}
    assert MediaFile.objects.get().assets.count() == 3
    assert len(stored_files(account)) == 2


def test_accounts_share_nothing(account, server):
    other = AccountFactory.create()
    for owner in (account, other):
        named(owner, server.url("/1"))
        fetch_due(owner, policy_for(server))

    assert server.asked["/1"] == 2
    assert [len(stored_files(owner)) for owner in (account, other)] == [2, 2]
    first, second = MediaFile.objects.order_by("id")
    assert first.sha256 == second.sha256
    assert first.uuid != second.uuid


def test_an_imported_file_has_its_pictures_fetched_and_the_same_file_again_fetches_nothing(
    account, server
):
    header = ["Product Name", "SKU", "Media Paths", "Property Set Media #; Gallery"]
    rows = [["Fan", "F-1", f"{server.url('/1')}#;{server.url('/2')}", server.url("/1")]]
    import_rows(account, header, rows)
    fetch_due(account, policy_for(server))
    import_rows(account, header, rows)
    fetch_due(account, policy_for(server))

    assert states(account) == {"1": "fetched", "2": "fetched"}
    assert server.asked == {"/1": 1, "/2": 1}

    rows[0][2] = server.url("/3")
    import_rows(account, header, rows)
    fetch_due(account, policy_for(server))
    assert server.asked == {"/1": 1, "/2": 1, "/3": 1}


def test_a_dry_run_has_nothing_fetched(account, server):
    import_rows(
        account,
        ["SKU", "Product Name", "Media Paths"],
        [["F-1", "Fan", server.url("/1")]],
        dry_run=True,
    )
    fetch_due(account, policy_for(server))

    assert not MediaAsset.objects.exists()
    assert not server.asked


@pytest.mark.parametrize(
    ("answer", "code", "reason"),
    [
        (NOT_FOUND, "http_404", "The server answers 404 Not Found."),
        (
            ok(b"<html>Sorry</html>", "Content-Type: image/jpeg"),
            "not_a_picture",
            "This is a web page or a drawing, not a picture.",
        ),
        (ok(png()[:-30]), "damaged_picture", "The picture is damaged or not complete."),
        (ok(b"x" * 1_000_001), "too_large", "The file is larger than 1.0 MB."),
        (
            ok(png(size=(2_000, 600))),
            "too_many_pixels",
            "The picture has more than 1 million pixels.",
        ),
    ],
    ids=["404", "html", "truncated", "bytes", "pixels"],
)
def test_what_cannot_come_fails_at_once_with_its_reason(account, server, answer, code, reason):
    server.answers["/x"] = answer
    (asset,) = named(account, server.url("/x"))

    fetch_due(account, policy_for(server))

    asset.refresh_from_db()
    assert (asset.state, asset.due_at, asset.attempts) == ("failed", None, 1)
    assert (asset.failure_code, asset.failure) == (code, reason)
    assert asset.failed_at is not None
    assert stored_files(account) == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.0.0.8/1.png", "unsafe_address"),
        ("http://169.254.169.254/latest/meta-data/", "unsafe_address"),
        ("http://localhost/1.png", "unsafe_address"),
        ("http://u:p@cdn.example/1.png", "credentials_in_url"),
        ("http://cdn.example:22/1.png", "unsafe_port"),
    ],
)
def test_an_unsafe_address_is_refused_with_a_reason_and_nothing_is_fetched(account, url, code):
    upload = import_rows(account, ["SKU", "Product Name", "Media Paths"], [["F-1", "Fan", url]])
    fetch_due(account, replace(policy_for(), gate=Gate()))

    asset = MediaAsset.objects.get()
    assert upload.created_rows == 1
    assert (asset.state, asset.failure_code) == ("failed", code)
    assert asset.failure
    assert not MediaFile.objects.exists()


def test_trouble_of_the_moment_is_tried_again_later_and_later_and_at_last_fails(account, server):
    server.answers["/x"] = TROUBLE
    (asset,) = named(account, server.url("/x"))
    waits = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        before = clock.now()
        fetch_due(account, policy_for(server))
        asset.refresh_from_db()
        assert asset.attempts == server.asked["/x"] == attempt
        assert (asset.failure_code, asset.failure) == (
            "http_500",
            "The server answers 500 Internal Server Error.",
        )
        if attempt < MOST_ATTEMPTS:
            assert asset.state == "pending"
            waits.append((asset.due_at - before).total_seconds())
            come_due(account)

    assert asset.state == "failed"
    assert asset.due_at is None
    for wait, longest in zip(waits, (30, 120, 480, 1_920, 7_680), strict=True):
        assert longest / 2 <= wait <= longest + 5


def test_what_works_again_is_fetched(account, server):
    server.answers["/1"] = TROUBLE
    (asset,) = named(account, server.url("/1"))
    fetch_due(account, policy_for(server))
    del server.answers["/1"]
    come_due(account)
    fetch_due(account, policy_for(server))

    asset.refresh_from_db()
    assert (asset.state, asset.attempts, asset.failure_code, asset.failure) == (
        "fetched",
        2,
        "",
        "",
    )


def test_one_that_fails_holds_up_no_other(account, server):
    server.answers["/x"] = NOT_FOUND
    server.answers["/y"] = TROUBLE
    named(account, server.url("/x"), server.url("/y"), server.url("/1"))

    fetch_due(account, policy_for(server))

    assert states(account) == {"x": "failed", "y": "pending", "1": "fetched"}


def test_the_job_rests_until_the_next_try_is_due(account, server):
    server.answers["/x"] = TROUBLE
    (asset,) = named(account, server.url("/x"))
    fetch_due(account, policy_for(server))

    job = MediaFetching.objects.get(account=account)
    asset.refresh_from_db()
    assert job.run_after == asset.due_at
    assert (job.claim_token, job.attempts) == (None, 0)
    waking.wake_due()
    job.refresh_from_db()
    assert job.run_after == asset.due_at


def test_nothing_due_leaves_the_job_at_rest(account, server):
    named(account, server.url("/1"))
    fetch_due(account, policy_for(server))

    assert MediaFetching.objects.get(account=account).run_after is None


def test_a_slice_that_found_nothing_to_do_does_not_keep_the_next_picture_waiting(account, server):
    named(account, server.url("/1"), due_at=clock.now() + timedelta(hours=1))
    MediaFetching.objects.create(account=account, run_after=clock.now())
    fetch_due(account, policy_for(server))
    named(account, server.url("/2"))

    waking.wake_due()

    assert put_off(account) <= clock.now()


def test_waking_finds_due_pictures_of_every_account_and_no_others(account, server):
    due, later, none, off = AccountFactory.create_batch(4)
    named(due, server.url("/1"))
    named(off, server.url("/2"))
    named(later, server.url("/3"), due_at=clock.now() + timedelta(hours=1))
    for owner in (later, off):
        waking.turn(account=owner, on=owner is later)
    tomorrow = clock.now() + timedelta(days=1)
    MediaFetching.objects.update(tidy_due_at=tomorrow, run_after=None)

    waking.wake_due()

    jobs = MediaFetching.objects.filter(run_after__isnull=False)
    assert [job.account for job in jobs] == [due]
    assert not MediaFetching.objects.filter(account=none).exists()


def test_waking_leaves_a_held_job_alone(account, server):
    named(account, server.url("/1"))
    waking.wake_due()
    job = MediaFetching.objects.get(account=account)
    held = claim(MediaFetching, job.pk, lease=timedelta(minutes=1))
    assert held is not None
    MediaFetching.objects.update(run_after=None)

    waking.wake_due()

    job.refresh_from_db()
    assert job.run_after is None


def test_waking_costs_the_same_for_one_picture_and_for_many(account, server):
    named(account, server.url("/1"))
    waking.wake_due()

    def queries() -> int:
        MediaFetching.objects.update(run_after=None)
        with CaptureQueriesContext(connection) as captured:
            waking.wake_due()
        return len(captured)

    few = queries()
    named(account, *(server.url(f"/{number}") for number in range(2, 30)))
    assert queries() == few


def test_an_account_that_wants_no_pictures_gets_none(account, server):
    waking.turn(account=account, on=False)
    named(account, server.url("/1"))

    fetch_due(account, policy_for(server))

    assert states(account) == {"1": "pending"}
    assert not server.asked

    waking.turn(account=account, on=True)
    fetch_due(account, policy_for(server))
    assert states(account) == {"1": "fetched"}


def test_the_operator_can_turn_fetching_off_for_all(account, server, settings):
    settings.MEDIA_FETCHING = False
    named(account, server.url("/1"))

    fetch_due(account, policy_for(server))

    assert not MediaFetching.objects.exists()
    waking.turn(account=account, on=True)
    fetch_due(account, policy_for(server))
    assert states(account) == {"1": "pending"}
    assert not server.asked


def test_a_failed_picture_is_fetched_again_when_somebody_asks(account, server):
    server.answers["/1"] = NOT_FOUND
    (asset,) = named(account, server.url("/1"))
    fetch_due(account, policy_for(server))
    del server.answers["/1"]

    begun = waking.fetch_again(asset_ids=[asset.pk], account_ids=[account.pk])

    asset.refresh_from_db()
    assert begun == 1
    assert (asset.state, asset.attempts, asset.failure) == ("pending", 0, "")
    job = MediaFetching.objects.get(account=account)
    assert job.run_after <= clock.now()
    tasks.run_slice(job.pk, policy=policy_for(server))
    assert states(account) == {"1": "fetched"}


def test_only_what_is_not_fetched_and_of_these_accounts_is_fetched_again(account, server):
    other = AccountFactory.create()
    (done,) = named(account, server.url("/1"))
    fetch_due(account, policy_for(server))
    (theirs,) = named(other, server.url("/x"))
    fetch_due(other, policy_for(server))

    ids = [done.pk, theirs.pk]
    assert waking.fetch_again(asset_ids=ids, account_ids=[account.pk]) == 0
    assert states(other) == {"x": "failed"}
    assert waking.fetch_again(asset_ids=ids, account_ids=None) == 1
    assert states(other) == {"x": "pending"}


def test_a_slice_ends_in_time_and_the_next_goes_on(account, server):
    named(account, *(server.url(f"/{number}") for number in range(6)))
    waking.wake_due()
    job = MediaFetching.objects.get(account=account)

    assert tasks.run_slice(job.pk, policy=policy_for(server), seconds=0)
    assert not server.asked
    assert not tasks.run_slice(job.pk, policy=policy_for(server))
    assert set(states(account).values()) == {"fetched"}


def test_the_worker_task_goes_by_the_operators_settings(account, server, settings):
    settings.OUTBOUND_ALLOWED_HOSTS = server.socket_server.allowed()
    settings.MEDIA_MAX_PIXELS = 10_000
    server.answers["/x"] = ok(png(size=(101, 100)))
    named(account, server.url("/1"), server.url("/x"))
    waking.wake_due()

    tasks.fetch_media(MediaFetching.objects.get(account=account).pk)

    assert states(account) == {"1": "fetched", "x": "failed"}


def test_a_picture_that_stopped_every_worker_is_given_up_untried(account, server):
    (asset,) = named(account, server.url("/1"), attempts=MOST_ATTEMPTS)

    fetch_due(account, policy_for(server))

    asset.refresh_from_db()
    assert (asset.state, asset.failure_code) == ("failed", "worker_stopped")
    assert not server.asked


def test_bytes_left_half_written_are_written_anew(account, server):
    content = png(1)
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"{account.uuid}/private/media/{sha256[:2]}/{sha256}.png"
    default_storage.save(path, ContentFile(content[:10]))
    named(account, server.url("/1"))

    fetch_due(account, policy_for(server))

    assert states(account) == {"1": "fetched"}
    with default_storage.open(path) as stored:
        assert stored.read() == content
    assert len(stored_files(account)) == 2


def test_a_mistake_of_ours_keeps_no_other_picture_waiting(account, server, caplog):
    """An error nobody thought of, here from the resolver, is logged and the picture tried later."""

    def broken(host: str, _port: int) -> list[str]:
        if host == "two.example":
            raise RuntimeError("nobody thought of this")
        return ["127.0.0.1"]

    policy = replace(policy_for(server), gate=Gate(policy_for(server).gate.allowed_hosts, broken))
    odd, _ = named(account, server.url("/1", host="two.example"), server.url("/2"))

    fetch_due(account, policy)

    odd.refresh_from_db()
    assert states(account) == {"1": "pending", "2": "fetched"}
    assert odd.failure_code == "unexpected_error"
    assert "nobody thought of this" in caplog.text
