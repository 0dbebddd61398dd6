"""Files that people and programs give: measured, stored, and each with its row."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import Account, User
from bulk_uploads.errors import EmptyFile, FileTooLarge
from bulk_uploads.models import UploadedFile
from jobs import clock

_CHUNK = 1024 * 1024
_KEPT = "kept"
_KEPT_FOR = timedelta(days=1)
_MOST_DROPPED = 20


@contextmanager
def stored_file(
    *,
    account: Account,
    content: "File[bytes]",
    name: str,
    content_type: str,
    created_by: User | None,
    folder: str = "uploads",
) -> Iterator[UploadedFile]:
    """The file in storage and its row, in the transaction of the block; neither if it fails.

    Raises EmptyFile or FileTooLarge.
    """
    byte_size, sha256 = _measure(content)
    path = _store(account, content, name, folder=folder)
    try:
        with transaction.atomic():
            yield UploadedFile.objects.create(
                account=account,
                name=PurePath(name).name[-255:] or "file",
                content_type=content_type[:127] or "application/octet-stream",
                byte_size=byte_size,
                sha256=sha256,
                storage_path=path,
                created_by=created_by,
            )
    except BaseException:
        default_storage.delete(path)
        raise


def keep_file(
    *,
    account: Account,
    content: "File[bytes]",
    name: str,
    content_type: str,
    created_by: User | None = None,
) -> UploadedFile:
    """Store a file that is to be looked at before it is uploaded.

    Files of the account that were kept so and never uploaded go after a day. Raises EmptyFile or
    FileTooLarge, with nothing stored.
    """
    with stored_file(
        account=account,
        content=content,
        name=name,
        content_type=content_type,
        created_by=created_by,
        folder=_KEPT,
    ) as stored:
        kept = stored
    _drop_forgotten(account)
    return kept


def _drop_forgotten(account: Account) -> None:
    forgotten = UploadedFile.objects.filter(
        account=account,
        storage_path__startswith=f"{account.uuid}/private/{_KEPT}/",
        created_at__lt=clock.now() - _KEPT_FOR,
        bulk_uploads=None,
    )
    for file in forgotten[:_MOST_DROPPED]:
        # Whoever uploads it in this very moment is faster: the row is referred to, and stays.
        with suppress(ProtectedError, IntegrityError):
            with transaction.atomic():
                file.delete()
            default_storage.delete(file.storage_path)


def _measure(content: "File[bytes] | IO[bytes]") -> tuple[int, str]:
    """Size and SHA-256, refusing as soon as the limit is passed."""
    limit: int = settings.UPLOAD_MAX_BYTES
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(limit=limit)
        digest.update(chunk)
    if not size:
        raise EmptyFile
    content.seek(0)
    return size, digest.hexdigest()


def _store(account: Account, content: "File[bytes]", name: str, *, folder: str) -> str:
    """File names are other people's text: only a short, plain ending of them is used."""
    ending = PurePath(name).suffix.lower()
    plain = ending if ending[1:].isalnum() and ending.isascii() and len(ending) <= 6 else ""
    path = f"{account.uuid}/private/{folder}/{uuid.uuid4().hex}{plain}"
    return default_storage.save(path, content)
