"""Where a picture's bytes lie, and putting them there once, however often it is tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from accounts.models import Account
from catalog.media_fetching.downloading import Download
from catalog.models import MediaFile


@dataclass(frozen=True, slots=True)
class FileRow:
    """What is known of stored content; not `is_stored`: its bytes may be there, or half of them."""

    id: int
    is_stored: bool
    storage_path: str
    thumbnail_path: str


def register(
    *, account: Account, downloads: Mapping[str, Download], at: datetime
) -> dict[str, FileRow]:
    """The rows of these contents by digest, made where they are missing, before their bytes are
    written: so no bytes ever lie around that no row knows of."""
    known = _known(account, downloads)
    MediaFile.objects.bulk_create(
        [
            _new_file(account, download, at)
            for sha256, download in downloads.items()
            if sha256 not in known
        ]
    )
    return _known(account, downloads)


def mark_stored(file_ids: list[int], *, at: datetime) -> None:
    if file_ids:
        MediaFile.objects.filter(pk__in=file_ids).update(stored_at=at)


def put(row: FileRow, download: Download) -> None:
    """Write picture and thumbnail where they belong; what lies there whole stays. Raises what
    the storage raises. Safe to be called in a thread."""
    file, thumbnail = download.fetched.file, download.picture.thumbnail
    put_once(row.storage_path, File(file), size=download.fetched.byte_size)
    put_once(row.thumbnail_path, ContentFile(thumbnail), size=len(thumbnail))


def remove(*, storage_path: str, thumbnail_path: str) -> None:
    for path in (storage_path, thumbnail_path):
        default_storage.delete(path)


def put_once(path: str, content: "File[bytes] | ContentFile[bytes]", *, size: int) -> None:
    """Write the content there unless it lies there whole; paths are made of contents, so that what
    lies there is the same. Raises what the storage raises. Safe to be called in a thread."""
    if default_storage.exists(path):
        if default_storage.size(path) == size:
            return
        # Somebody was killed while writing it.
        default_storage.delete(path)
    saved = default_storage.save(path, content)
    if saved != path:
        # Another worker, which thinks it still holds the job, was quicker with the same bytes.
        default_storage.delete(saved)


def _known(account: Account, downloads: Mapping[str, Download]) -> dict[str, FileRow]:
    rows = MediaFile.objects.filter(account=account, sha256__in=list(downloads))
    return {
        sha256: FileRow(pk, stored_at is not None, storage_path, thumbnail_path)
        for sha256, pk, stored_at, storage_path, thumbnail_path in rows.values_list(
            "sha256", "pk", "stored_at", "storage_path", "thumbnail_path"
        )
    }


def _new_file(account: Account, download: Download, at: datetime) -> MediaFile:
    sha256, picture = download.fetched.sha256, download.picture
    directory = f"{account.uuid}/private/media/{sha256[:2]}"
    return MediaFile(
        account=account,
        sha256=sha256,
        content_type=picture.content_type,
        byte_size=download.fetched.byte_size,
        width=picture.width,
        height=picture.height,
        storage_path=f"{directory}/{sha256}.{picture.extension}",
        thumbnail_path=f"{directory}/{sha256}.thumbnail.webp",
        created_at=at,
    )
