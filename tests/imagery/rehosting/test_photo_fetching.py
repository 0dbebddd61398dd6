"""Source photos put among an account's private files, by several threads at once."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Event
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from imagery.rehosting.photo_fetching import StoredPhoto, copy_photo

#: Far more than a test takes; only one that fails waits for so long.
PATIENCE = 30
ACCOUNT = str(uuid4())


class SlowWriting:
    """A local disk that begins to write the first file among the source photos, and goes on when
    it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.has_begun, self.may_go_on = Event(), Event()
        self.written: list[str] = []
        self._save = FileSystemStorage._save  # type: ignore[attr-defined]
        monkeypatch.setattr(FileSystemStorage, "_save", lambda *args: self._slowly(*args))

    def _slowly(self, storage, name, content):
        if "/references/" in name:
            self.written.append(name)
            if len(self.written) == 1:
                self.has_begun.set()
                assert self.may_go_on.wait(PATIENCE)
        return self._save(storage, name, content)


def lent(content: bytes) -> StoredPhoto:
    digest = sha256(content).hexdigest()
    path = default_storage.save(f"{ACCOUNT}/private/media/{digest}.png", ContentFile(content))
    return StoredPhoto(path, "image/png", digest, is_lent=True)


def test_photos_do_not_wait_for_each_other_to_be_written(monkeypatch):
    disk = SlowWriting(monkeypatch)
    slow, other = lent(b"one"), lent(b"another")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(copy_photo, slow, account_uuid=ACCOUNT)
        assert disk.has_begun.wait(PATIENCE)
        try:
            kept = threads.submit(copy_photo, other, account_uuid=ACCOUNT).result(PATIENCE)
            assert not first.done()
        finally:
            disk.may_go_on.set()

    assert isinstance(kept, StoredPhoto)
    for photo, content in ((first.result(), b"one"), (kept, b"another")):
        with default_storage.open(photo.path) as file:
            assert file.read() == content


def test_a_photo_is_written_once_for_all_who_want_it(monkeypatch):
    disk = SlowWriting(monkeypatch)
    photo = lent(b"one")
    with ThreadPoolExecutor(4) as threads:
        copies = [threads.submit(copy_photo, photo, account_uuid=ACCOUNT) for _ in range(4)]
        assert disk.has_begun.wait(PATIENCE)
        disk.may_go_on.set()

    assert len({copy.result() for copy in copies}) == len(disk.written) == 1
