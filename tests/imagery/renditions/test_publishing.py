"""Approved: every preset is public. Withdrawn, superseded, deleted: nothing is, come what may."""

from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from imagery.models import GeneratedImage, Publication, Rendition
from imagery.renditions import building, settling, tidying
from imagery.renditions.presets import PRESETS, PRESETS_DIGEST
from imagery.renditions.tasks import settle_publication
from imagery.review.trail import Reviewer
from imagery.review.undoing import undo
from jobs import clock, tasks
from jobs.models import FollowUp
from notices.models import Notice
from tests.factories.accounts import MembershipFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.renditions.pictures import BLUE, GREEN, bomb
from tests.imagery.renditions.published import (
    FILES,
    approve,
    let_time_pass,
    picture,
    public_files,
    published_image,
    reject,
    rows_of,
    settle,
    stored_image,
)

pytestmark = pytest.mark.django_db


def test_an_approved_image_is_built_in_every_preset():
    image = published_image()

    rows = rows_of(image)
    assert {(row.preset, row.format) for row in rows} == {
        (preset.name, format.value) for preset in PRESETS.values() for format in preset.formats
    }
    assert public_files(image.account) == sorted(row.storage_path for row in rows)
    assert len(rows) == FILES
    for row in rows:
        assert row.storage_path.startswith(f"{image.account.uuid}/public/renditions/")
        assert f"-v{row.version}." in row.storage_path
        with default_storage.open(row.storage_path) as file:
            content = file.read()
        assert (len(content), sha256(content).hexdigest()) == (row.byte_size, row.etag)
    publication = Publication.objects.get()
    assert (publication.presets, publication.run_after) == (PRESETS_DIGEST, None)
    assert publication.built_at is not None


def test_nothing_is_public_before_approval_or_of_a_rejected_image():
    waiting = stored_image()
    rejected = stored_image(waiting.account, content=picture(BLUE), role="lifestyle")

    reject(rejected)

    assert settle() == 0
    assert public_files(waiting.account) == []
    assert not Publication.objects.exists()


@pytest.mark.parametrize("is_built", [True, False], ids=["built", "not built yet"])
def test_withdrawing_an_approval_removes_every_public_file(is_built):
    image = approve(stored_image())
    if is_built:
        settle()

    reject(image)
    settle()

    assert public_files(image.account) == []
    assert rows_of(image) == []
    assert default_storage.exists(image.storage_path)


def test_what_came_late_from_a_worker_thought_dead_is_removed_as_well():
    image = published_image()
    late = rows_of(image)[0].storage_path
    reject(image)
    settle()
    default_storage.save(late, ContentFile(b"late"))

    let_time_pass()
    settle()

    assert public_files(image.account) == []
    assert Publication.objects.get().run_after is not None
    let_time_pass()
    settle()
    assert not Publication.objects.exists()


def test_an_undone_rejection_is_public_again():
    image = published_image()
    reject(image)
    settle()
    decision = image.decisions.filter(kind="reject").get()

    undo(account_id=image.account_id, decision_id=decision.pk, reviewer=Reviewer())
    settle()

    assert len(public_files(image.account)) == len(rows_of(image)) == FILES
    assert Publication.objects.get().removed_at is None


def test_a_superseded_image_stays_until_the_next_one_is_built():
    first = published_image()
    second = approve(stored_image(first.account, content=picture(BLUE)))
    old, new = (Publication.objects.get(sha256=image.sha256) for image in (first, second))

    settle_publication(old.pk)
    old.refresh_from_db()
    assert len(rows_of(first)) == FILES
    assert old.run_after > clock.now()
    settle_publication(new.pk)
    let_time_pass()
    settle_publication(old.pk)

    assert rows_of(first) == []
    assert public_files(first.account) == sorted(row.storage_path for row in rows_of(second))


def test_bytes_that_another_sku_has_approved_stay():
    first = published_image(sku="A")
    second = published_image(first.account, sku="B")

    reject(first)
    settle()

    assert len(public_files(first.account)) == FILES
    assert len(rows_of(second)) == FILES
    assert Publication.objects.count() == 1


def test_accounts_have_nothing_in_common_even_for_the_same_bytes():
    mine, theirs = published_image(), published_image()

    reject(mine)
    settle()

    assert public_files(mine.account) == []
    assert len(public_files(theirs.account)) == FILES


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"no picture", "not_a_picture"), (bomb(20_000), "too_many_pixels")],
    ids=["no picture", "a bomb"],
)
def test_what_cannot_be_rendered_is_tried_once_and_says_why(content, code):
    image = published_image(content=content)

    publication = Publication.objects.get()
    assert (publication.failure_code, publication.run_after) == (code, None)
    assert publication.failure
    assert public_files(image.account) == rows_of(image) == []
    assert settle() == 0


def test_managers_are_told_once_of_an_approved_image_that_cannot_be_shown():
    image = stored_image(content=b"no picture")
    manager = MembershipFactory(account=image.account).user
    MembershipFactory()

    approve(image)
    settle()
    Publication.objects.update(failure_code="", run_after=clock.now())
    settle()

    notice = Notice.objects.get()
    assert (notice.user, notice.account) == (manager, image.account)
    assert notice.title == "The approved image of SKU-1 cannot be shown"
    assert notice.text == "This is no whole picture that can be read."


def test_only_the_bytes_that_were_approved_get_out():
    image = stored_image()
    default_storage.delete(image.storage_path)
    default_storage.save(image.storage_path, ContentFile(picture(GREEN)))

    approve(image)
    settle()

    assert Publication.objects.get().failure_code == "other_bytes"
    assert public_files(image.account) == []


def test_a_missing_original_is_said_to_be_missing():
    approve(GeneratedImageFactory.create())

    settle()

    assert Publication.objects.get().failure_code == "no_file"


class Struck(BaseException):
    """As a worker that is told to stop, at this place."""


@pytest.mark.parametrize("place", ["put", "write_rows", "remove_others", "_release"])
def test_a_worker_stopped_anywhere_leaves_the_rest_to_the_next(place, monkeypatch):
    image = approve(stored_image())
    module = {"write_rows": building, "_release": settling}.get(place, building.files)
    struck = []

    def strike(*arguments, **named):
        if not struck:
            struck.append(place)
            raise Struck
        return whole(*arguments, **named)

    whole = getattr(module, place)
    monkeypatch.setattr(module, place, strike)
    with pytest.raises(Struck):
        settle()
    let_time_pass()
    settle()

    assert len(rows_of(image)) == len(public_files(image.account)) == FILES
    assert Publication.objects.get().run_after is None


@pytest.mark.parametrize("place", ["remove_rows", "remove_directory"])
def test_a_removal_stopped_anywhere_is_ended_by_the_next(place, monkeypatch):
    image = published_image()
    reject(image)
    module = building if place == "remove_rows" else building.files
    whole = getattr(module, place)

    def strike(*arguments):
        monkeypatch.setattr(module, place, whole)
        raise Struck

    monkeypatch.setattr(module, place, strike)
    with pytest.raises(Struck):
        settle()
    settle()

    assert public_files(image.account) == rows_of(image) == []


def test_a_rejection_while_it_is_being_built_wins(monkeypatch):
    image = approve(stored_image())
    whole = building.store_renditions

    def meanwhile(*arguments):
        found = whole(*arguments)
        reject(image)
        return found

    monkeypatch.setattr(building, "store_renditions", meanwhile)
    settle()
    assert settle() == 1

    assert public_files(image.account) == rows_of(image) == []


def test_trouble_of_the_storage_is_tried_again_later(monkeypatch):
    image = approve(stored_image())

    def broken(*arguments):
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(building.files, "put", broken)
        settle()
    publication = Publication.objects.get()
    assert publication.run_after > clock.now()
    assert (publication.failure_code, publication.claim_token) == ("", None)
    let_time_pass()
    settle()

    assert len(public_files(image.account)) == FILES


def test_who_kills_every_worker_is_given_up_but_still_withdrawn():
    image = approve(stored_image())
    Publication.objects.update(attempts=8)

    settle()

    assert Publication.objects.get().failure_code == "gave_up"
    reject(image)
    settle()
    assert Publication.objects.get().removed_at is not None


def test_other_presets_are_built_and_the_old_ones_removed():
    image = published_image()
    old = rows_of(image)[0]
    Rendition.objects.filter(pk=old.pk).update(version=99, storage_path=f"{old.storage_path}.old")
    default_storage.save(f"{old.storage_path}.old", ContentFile(b"old"))
    Publication.objects.update(presets="0" * 16)

    tidying.rebuild_outdated()
    settle()

    assert len(rows_of(image)) == len(public_files(image.account)) == FILES
    assert not Rendition.objects.filter(version=99).exists()
    tidying.rebuild_outdated()
    assert settle() == 0


def delete_account(account):
    """As whoever runs the site does, once nothing refers to it that is kept for good."""
    Rendition.objects.filter(account=account).delete()
    for image in GeneratedImage.objects.filter(account=account):
        image.decisions.all().delete()
        image.delete()
    account.delete()


def run_removal():
    """Until there is nothing more to remove; how often that took a worker."""
    steps = 0
    while waiting := FollowUp.objects.filter(kind=tidying.KIND, finished_at=None, failed_at=None):
        waiting.update(run_after=clock.now())
        for pk in list(waiting.values_list("pk", flat=True)):
            tasks.run_follow_up(pk)
            steps += 1
    return steps


def test_the_files_of_a_deleted_account_go(private_files):
    image, other = published_image(), published_image()
    uuid, path = image.account.uuid, image.storage_path
    default_storage.save(f"{uuid}/private/media/ab/abc.png", ContentFile(b"media"))
    delete_account(image.account)
    assert default_storage.exists(path)

    assert run_removal() == 2
    assert not (private_files / str(uuid)).exists()
    assert len(public_files(other.account)) == FILES
    assert default_storage.exists(other.storage_path)


def test_the_files_of_a_deleted_account_go_some_at_a_time(monkeypatch, s3_bucket):
    monkeypatch.setattr(tidying, "_REMOVED_AT_ONCE", 4)
    image, other = stored_image(), stored_image()
    uuid = image.account.uuid
    for place in ("public/renditions/ab", "private/media/ab", "private/media/cd"):
        for number in range(3):
            default_storage.save(f"{uuid}/{place}/{number}.png", ContentFile(b"a file"))
    delete_account(image.account)

    (first,) = FollowUp.objects.filter(kind=tidying.KIND)
    tasks.run_follow_up(first.pk)
    assert s3_bucket.keys(f"{uuid}/public/") == []
    assert len(s3_bucket.keys(f"{uuid}/")) == 10 - 4

    assert run_removal() == 3
    assert s3_bucket.keys(f"{uuid}/") == []
    assert default_storage.exists(other.storage_path)
