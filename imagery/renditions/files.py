"""Where renditions lie: all of a content in one directory, below what is public of an account."""

import sys
import uuid
from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from imagery.renditions.cascade import Rendered


def public_directory(account: uuid.UUID | str) -> str:
    return f"{account}/public"


def directory_of(account: uuid.UUID, sha256: str) -> str:
    return f"{public_directory(account)}/renditions/{sha256[:2]}/{sha256}"


def path_of(account: uuid.UUID, sha256: str, rendered: Rendered) -> str:
    preset = rendered.preset
    name = f"{preset.name.replace(':', '-')}-v{preset.version}.{rendered.format.extension}"
    return f"{directory_of(account, sha256)}/{name}"


def put(path: str, content: bytes) -> None:
    """Write it, whatever lies there: half of it, if somebody was killed."""
    default_storage.delete(path)
    saved = default_storage.save(path, ContentFile(content))
    if saved != path:
        # Another worker, which thinks it still holds the job, was quicker with the same bytes.
        default_storage.delete(saved)


def remove_directory(directory: str, *, most: int = sys.maxsize) -> int:
    """Remove the files in it and below, also those that no row knows of; how many there were.

    With `most`, some of them: fewer than that were removed only if nothing is left.
    """
    try:
        below, names = default_storage.listdir(directory)
    except FileNotFoundError:
        return 0
    removed = 0
    for name in below:
        if removed == most:
            return removed
        removed += remove_directory(f"{directory}/{name}", most=most - removed)
    some = names[: most - removed]
    for name in some:
        default_storage.delete(f"{directory}/{name}")
    with suppress(OSError):
        # Empty now, unless some are left or somebody is writing there; in a bucket there are no
        # directories.
        default_storage.delete(directory)
    return removed + len(some)


def remove_others(directory: str, keep: set[str]) -> None:
    """Remove what lies in it beside the paths to keep: files of presets as they were before."""
    for name in default_storage.listdir(directory)[1]:
        path = f"{directory}/{name}"
        if path not in keep:
            default_storage.delete(path)
