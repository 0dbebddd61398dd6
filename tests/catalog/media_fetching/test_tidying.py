"""What nothing shows any more goes after a week; what anything shows stays."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from bulk_sql import tables
from catalog.media_fetching import tasks, tidying, waking
from catalog.media_fetching.tidying import KEPT_FOR
from catalog.models import MediaAsset, MediaFetching, MediaFile, Variant
from catalog.writing.context import Actor, WriteContext
from catalog.writing.media import replace_links
from jobs import clock
from tests.catalog.media_fetching.fetching import (
    let_the_wait_pass,
    policy_for,
    put_off,
    stored_files,
)
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import (
    MediaAssetFactory,
    MediaFileFactory,
    PropertySetDefinitionFactory,
    VariantFactory,
    link_media,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def paths(account):
    return PropertySetDefinitionFactory.create(account=account, media_paths=True)


@pytest.fixture
def variant(account) -> Variant:
    return VariantFactory.create(account=account)


def fetched(account, number: int = 0, **fields) -> MediaAsset:
    url = f"https://a.example/{number}.png"
    return MediaAssetFactory.create(account=account, url=url, fetched=True, **fields)


def show(variant, paths, *assets: MediaAsset) -> None:
    """Just these, as the write path does it."""
    now = clock.now()
    context = WriteContext(variant.account_id, Actor(), now, tables())
    replace_links(context, [(variant.pk, paths.pk, [asset.url for asset in assets])])


def tidy(account) -> None:
    """As a worker does when a day has passed."""
    job, _ = MediaFetching.objects.get_or_create(account=account)
    MediaFetching.objects.filter(pk=job.pk).update(tidy_due_at=clock.now())
    waking.wake_due()
    while tasks.run_slice(job.pk, policy=policy_for()):
        pass


def let_a_week_pass() -> None:
    marked = MediaAsset.objects.filter(unlinked_since__isnull=False)
    marked.update(unlinked_since=clock.now() - KEPT_FOR)


def test_what_nothing_shows_goes_a_week_after_that_was_seen(account, variant, paths):
    gone, kept = fetched(account, 1), fetched(account, 2)
    link_media(variant, paths, kept.url)

    tidy(account)
    assert MediaAsset.objects.count() == 2
    let_a_week_pass()
    tidy(account)

    assert list(MediaAsset.objects.all()) == [kept]
    assert list(MediaFile.objects.all()) == [kept.file]
    assert stored_files(account) == sorted([kept.file.storage_path, kept.file.thumbnail_path])
    assert not default_storage.exists(gone.file.storage_path)


def test_a_week_less_a_minute_is_not_enough(account):
    asset = fetched(account, unlinked_since=clock.now() - KEPT_FOR + timedelta(minutes=1))

    tidy(account)

    assert list(MediaAsset.objects.all()) == [asset]


def test_what_is_shown_again_stays(account, variant, paths):
    asset = fetched(account)
    tidy(account)
    let_a_week_pass()
    show(variant, paths, asset)
    asset.refresh_from_db()
    assert asset.unlinked_since is None

    tidy(account)

    assert list(MediaAsset.objects.all()) == [asset]


def test_a_mark_is_cleared_where_a_variant_came_to_show_it_unnoticed(account, variant, paths):
    asset = fetched(account, unlinked_since=clock.now() - KEPT_FOR)
    link_media(variant, paths, asset.url)

    tidy(account)

    asset.refresh_from_db()
    assert asset.unlinked_since is None


def test_what_was_tidied_away_is_made_anew(account, variant, paths):
    asset = fetched(account, unlinked_since=clock.now() - KEPT_FOR)
    tidy(account)
    assert not MediaAsset.objects.exists()

    show(variant, paths, asset)

    assert MediaAsset.objects.get().state == "pending"


def test_shared_content_stays_while_one_address_has_it(account, variant, paths):
    shown = fetched(account, 1)
    idle = MediaAssetFactory.create(
        account=account,
        url="https://b.example/same.png",
        state="fetched",
        due_at=None,
        file=shown.file,
        unlinked_since=clock.now() - KEPT_FOR,
    )
    link_media(variant, paths, shown.url)

    tidy(account)

    assert not MediaAsset.objects.filter(pk=idle.pk).exists()
    assert list(MediaFile.objects.all()) == [shown.file]
    assert len(stored_files(account)) == 2


def test_content_whose_storing_was_broken_off_goes(account):
    """Its worker was killed, and the address gives other bytes by now."""
    half = MediaFileFactory.create(account=account, stored_at=None)
    default_storage.delete(half.thumbnail_path)

    tidy(account)

    assert not MediaFile.objects.exists()
    assert stored_files(account) == []


def test_other_accounts_are_not_touched(account):
    other = AccountFactory.create()
    theirs = fetched(other, unlinked_since=clock.now() - KEPT_FOR)

    tidy(account)

    assert list(MediaAsset.objects.all()) == [theirs]
    assert len(stored_files(other)) == 2


def test_it_goes_through_all_of_them_step_by_step(account, monkeypatch):
    monkeypatch.setattr(tidying, "_PAGE", 2)
    for number in range(7):
        fetched(account, number, unlinked_since=clock.now() - KEPT_FOR)

    tidy(account)

    assert not MediaAsset.objects.exists()
    assert not MediaFile.objects.exists()
    assert stored_files(account) == []
    job = MediaFetching.objects.get(account=account)
    assert (job.tidy_behind, job.run_after) == ("", None)
    assert job.tidy_due_at > clock.now() + timedelta(hours=23)


def test_a_broken_off_walk_goes_on_where_it_stood(account, monkeypatch):
    monkeypatch.setattr(tidying, "_PAGE", 2)
    for number in range(6):
        fetched(account, number, unlinked_since=clock.now() - KEPT_FOR)
    MediaFetching.objects.create(
        account=account, run_after=clock.now(), tidy_behind="https://a.example/3.png"
    )

    tidy(account)

    left = MediaAsset.objects.order_by("url").values_list("url", flat=True)
    assert list(left) == [f"https://a.example/{number}.png" for number in range(4)]


def test_a_storage_that_removes_nothing_is_asked_more_and_more_seldom(account, private_files):
    """Though tidying stays due, and the dispatcher looks for what is."""
    half = MediaFileFactory.create(account=account, stored_at=None)
    default_storage.delete(half.storage_path)
    in_the_way = private_files / half.storage_path / "a file in a directory where a file is to go"
    in_the_way.parent.mkdir()
    in_the_way.touch()
    waits = []
    for _ in range(2):
        before = clock.now()
        tidy(account)
        waits.append(put_off(account) - before)
        waking.wake_due()
        assert put_off(account) - before == waits[-1]
        let_the_wait_pass(account)

    assert timedelta(seconds=10) <= waits[0] < timedelta(seconds=20) <= waits[1]
    in_the_way.unlink()
    tidy(account)
    assert not MediaFile.objects.exists()


def test_tidying_goes_on_where_fetching_is_off(account, settings):
    settings.MEDIA_FETCHING = False
    fetched(account, unlinked_since=clock.now() - KEPT_FOR)

    tidy(account)

    assert not MediaAsset.objects.exists()
