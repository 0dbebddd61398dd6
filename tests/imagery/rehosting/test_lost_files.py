"""What killed workers left in the storage is found, and removed when that is asked for."""

from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from imagery.rehosting import lost_files
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import (
    GeneratedImageFactory,
    ProviderCallFactory,
    ReferencePhotoFactory,
)

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1, minutes=1)


@pytest.fixture
def account():
    return AccountFactory.create()


def digest_of(text):
    return sha256(text.encode()).hexdigest()


def put(account, folder, text, ending="png"):
    path = f"{account.uuid}/private/{folder}/{digest_of(text)}.{ending}"
    return default_storage.save(path, ContentFile(text.encode()))


def run(*args, later=TOMORROW, monkeypatch):
    now = clock.now() + later
    monkeypatch.setattr(clock, "now", lambda: now)
    listed, said = StringIO(), StringIO()
    call_command("lost_files", *args, stdout=listed, stderr=said)
    return sorted(listed.getvalue().split()), said.getvalue().strip()


@pytest.fixture(params=["disk", "s3"])
def storage(request):
    return request.getfixturevalue("private_files" if request.param == "disk" else "s3_bucket")


def test_files_without_a_row_are_listed_and_then_removed(account, storage, monkeypatch):
    monkeypatch.setattr(lost_files, "_AT_ONCE", 2)
    GeneratedImageFactory.create(account=account, sha256=digest_of("known"))
    ReferencePhotoFactory.create(account=account, sha256=digest_of("photo"))
    ProviderCallFactory.create(account=account, reference_sha256=digest_of("sent"))
    known = [
        put(account, "generated", "known"),
        put(account, "generated", "known", "thumbnail.webp"),
        put(account, "references", "photo"),
        put(account, "references", "sent"),
        put(account, "media/ab", "media"),
    ]
    other = AccountFactory.create()
    lost = [
        put(account, "generated", "lost"),
        put(account, "generated", "lost", "thumbnail.webp"),
        put(account, "references", "lost"),
        put(other, "generated", "known"),
    ]

    listed, said = run(monkeypatch=monkeypatch)
    assert listed == sorted(lost)
    assert said == "Lost files: 4. With --remove they are removed."
    assert all(default_storage.exists(path) for path in lost)

    assert run("--remove", monkeypatch=monkeypatch) == (listed, "Lost files removed: 4.")
    assert not any(default_storage.exists(path) for path in lost)
    assert all(default_storage.exists(path) for path in known)


def test_what_may_still_get_its_row_is_left_alone(account, monkeypatch):
    path = put(account, "generated", "new")

    assert run("--remove", later=timedelta(hours=23), monkeypatch=monkeypatch)[0] == []
    assert default_storage.exists(path)
