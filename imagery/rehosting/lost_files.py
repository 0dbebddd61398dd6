"""Files that no row knows of: whoever stored them was killed before it could say so."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.core.files.storage import default_storage

from accounts.models import Account
from imagery.models import GeneratedImage, ProviderCall, ReferencePhoto

#: Far longer than any worker takes from storing a file to writing its row.
LEFT_ALONE_FOR: Final = timedelta(days=1)
_AT_ONCE: Final = 500


def lost_files(account: Account, *, at: datetime) -> Iterator[str]:
    """Paths of generated pictures and kept source photos, some at a time, so that each can be
    removed as it comes. Files are named by their content: whatever a row has of it keeps it."""
    for folder, known in _KNOWN.items():
        directory = f"{account.uuid}/private/{folder}"
        found = _names_in(directory)
        for start in range(0, len(found), _AT_ONCE):
            names = found[start : start + _AT_ONCE]
            digests = {name: name.partition(".")[0] for name in names}
            kept = known(account.pk, set(digests.values()))
            for name in names:
                path = f"{directory}/{name}"
                if digests[name] not in kept and _is_older(path, at - LEFT_ALONE_FOR):
                    yield path


def _of_pictures(account_id: int, digests: Collection[str]) -> set[str]:
    images = GeneratedImage.objects.filter(account_id=account_id, sha256__in=digests)
    return set(images.order_by().values_list("sha256", flat=True))


def _of_photos(account_id: int, digests: Collection[str]) -> set[str]:
    """Calls are made again word by word, also where their photo is another by now."""
    photos = ReferencePhoto.objects.filter(account_id=account_id, sha256__in=digests)
    found = set(photos.order_by().values_list("sha256", flat=True))
    if left := set(digests) - found:
        calls = ProviderCall.objects.filter(account_id=account_id, reference_sha256__in=left)
        found |= set(calls.order_by().values_list("reference_sha256", flat=True))
    return found


_KNOWN: Final[Mapping[str, Callable[[int, Collection[str]], set[str]]]] = {
    "generated": _of_pictures,
    "references": _of_photos,
}


def _names_in(directory: str) -> list[str]:
    try:
        _, names = default_storage.listdir(directory)
    except FileNotFoundError:
        return []
    return list(names)


def _is_older(path: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < moment
    except FileNotFoundError:
        # Removed by somebody else meanwhile.
        return False
