"""Reading a public file in bounded time: whoever asks for it is a page that somebody looks at."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage

from imagery.renditions.errors import StorageTooSlow

#: Seconds. An answer is due within two.
PATIENCE: Final = 1.5
#: Those who wait for a storage that is far away, and does not answer.
_pool: Final = ThreadPoolExecutor(16, thread_name_prefix="rendition-reading")


def read(path: str) -> bytes:
    """Raises FileNotFoundError, and StorageTooSlow when patience is at its end."""
    try:
        local = default_storage.path(path)
    except NotImplementedError:
        return _read_from_afar(path)
    return Path(local).read_bytes()


def _read_from_afar(path: str) -> bytes:
    reading = _pool.submit(_content, path)
    try:
        return reading.result(timeout=PATIENCE)
    except TimeoutError:
        reading.cancel()
        raise StorageTooSlow(f"Not within {PATIENCE} seconds.") from None


def _content(path: str) -> bytes:
    with default_storage.open(path) as file:
        content: bytes = file.read()
        return content
